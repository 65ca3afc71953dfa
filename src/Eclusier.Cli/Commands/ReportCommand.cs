using System.CommandLine;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Cli.Commands;

/// <summary>Writes the report of a run again, from its journal.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var id = new Option<string>("--run") { Description = Help.Say("The run (default: the newest).", "L'exécution (par défaut : la plus récente)."), HelpName = "ID" };
        var command = new Command("report", Help.Say("Write the report of a run again, from its journal; --lang chooses the language.", "Récrit le rapport d'une exécution depuis son journal ; --lang choisit la langue.")) { id };
        var options = CommandOptions.AddTo(command, shortForm: false);
        command.Handle(options, (parsed, _) =>
        {
            var directory = Path.GetDirectoryName(options.RunbookFile(parsed))!;
            // By its name alone: a path would lead out of the folder of runs.
            var folder = parsed.GetValue(id) is { } run ? Path.Combine(RunFolder.Root(directory), Path.GetFileName(run)) : RunFolder.Latest(directory, null);
            if (folder is null)
            {
                throw new InvalidInputException(
                    new Text("There is no run yet.", "Il n'y a pas encore d'exécution."), RunFolder.Root(directory), new Text("Run `eclusier migrate` first.", "Lancez d'abord `eclusier migrate`."));
            }

            var record = Journal.Read(folder);
            var language = options.LanguageOf(parsed, runbook: null);
            var report = ReportWriter.Write(record, language, folder);
            if (options.IsJson(parsed))
                RunOutput.Write(record with { Report = report }, json: true, language);
            else
                Output.Write(report.Html);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
