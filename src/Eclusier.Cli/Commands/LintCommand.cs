using System.CommandLine;
using Eclusier.Cli.Rendering;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Linting;
using Eclusier.Runbooks;

namespace Eclusier.Cli.Commands;

/// <summary>The hazards of migration files, without runbook or database.</summary>
internal static class LintCommand
{
    private static readonly Option<string> Format = new("--format") { Description = "text, json, sarif, github.", DefaultValueFactory = _ => "text", HelpName = "text|json|sarif|github" };
    private static readonly Option<string> MaxRisk = new("--max-risk")
    {
        Description = Help.Say("Above it, end with exit code 6 (default: low).", "Au-delà, terminer avec le code 6 (par défaut : low)."),
        DefaultValueFactory = _ => "low",
        HelpName = "low|medium|high",
    };

    public static Command Create()
    {
        var files = new Argument<string[]>("FILES")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = Help.Say("Files or folders (default: the runbook's migrations).", "Fichiers ou dossiers (par défaut : les migrations du runbook)."),
        };
        var rules = new Option<bool>("--rules") { Description = Help.Say("List the rules.", "Lister les règles.") };
        var command = new Command("lint", Help.Say("The hazards of migration files, without a database: the worst case.", "Les dangers des fichiers de migration, sans base : le pire cas.")) { files, MaxRisk, rules };
        Format.AcceptOnlyFromAmong("text", "json", "sarif", "github");
        MaxRisk.AcceptOnlyFromAmong("low", "medium", "high");
        var options = CommandOptions.AddTo(command, shortForm: false, format: Format);
        command.Handle(options, (parsed, _) =>
        {
            var language = options.LanguageOf(parsed, runbook: null);
            if (parsed.GetValue(rules))
            {
                if (parsed.GetValue(Format) == "json")
                    Output.WriteJson(RulesView.Json(HazardRules.All, language));
                else
                    Output.Write(RulesView.Text(HazardRules.All, language));
                return Task.FromResult(ExitCode.Done);
            }

            var runbook = options.RunbookFile(parsed);
            var baseFolder = Path.GetDirectoryName(Path.GetFullPath(runbook))!;
            var (paths, layout) = Chosen(parsed.GetValue(files) ?? [], runbook);
            var linted = Linter.LintAll(Linter.Find(paths), baseFolder, layout);
            if (parsed.GetValue(Format) == "text")
                Output.Write(LintView.Text(linted, language));
            else
                Output.WriteJson(ForPrograms(parsed.GetValue(Format)!, linted, language));
            var limit = Enum.Parse<Risk>(parsed.GetValue(MaxRisk)!, ignoreCase: true);
            return Task.FromResult(linted.Any(file => file.Hazards.Any(hazard => hazard.Severity > limit)) ? ExitCode.Differences : ExitCode.Done);
        });
        return command;
    }

    private static string ForPrograms(string format, IReadOnlyList<LintedFile> linted, Language language) => format switch
    {
        "json" => LintView.Json(linted, language),
        "sarif" => LintView.Sarif(linted, language),
        _ => LintView.GitHub(linted, language),
    };

    /// <summary>Files that are named stand by themselves; those of a runbook are in the language of its layout.</summary>
    /// <exception cref="EclusierException">No files were named, and there is no runbook.</exception>
    private static (string[] Paths, string? Layout) Chosen(string[] given, string runbook)
    {
        if (given.Length > 0)
            return (given, null);
        var (folder, layout) = RunbookReader.MigrationsFolder(runbook);
        return ([Path.GetRelativePath(Directory.GetCurrentDirectory(), folder)], layout);
    }
}
