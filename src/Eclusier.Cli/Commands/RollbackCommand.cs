using System.CommandLine;
using Eclusier.Rollbacks;

namespace Eclusier.Cli.Commands;

/// <summary>Undo migrations: those of a run, or all after a version.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = Help.Say("Undo everything applied after this version; 0: everything.", "Annule tout ce qui a été appliqué après cette version ; 0 : tout."), HelpName = "VERSION" };
        var run = new Option<string>("--run") { Description = Help.Say("Undo what this run applied (default: the newest).", "Annule ce que cette exécution a appliqué (par défaut : la plus récente)."), HelpName = "ID" };
        var without = new Option<bool>("--no-backup") { Description = Help.Say("Leave the runbook's backup out.", "Se passe de la sauvegarde du runbook.") };
        var command = new Command("rollback", Help.Say("Undo migrations: those of the newest run, of a run, or all after a version.", "Annule des migrations : celles de la dernière exécution, d'une exécution, ou toutes après une version.")) { to, run, without };
        var options = CommandOptions.AddTo(command, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (parsed.GetValue(to) is not null && parsed.GetValue(run) is not null)
            {
                throw new EclusierException(
                    new Text("--to and --run do not go together.", "--to et --run ne vont pas ensemble."), null, new Text("Give one of them.", "Donnez l'un des deux."), ExitCode.Usage);
            }

            var request = new RollbackRequest(parsed.GetValue(to), parsed.GetValue(run), parsed.GetValue(without));
            return RunOutput.Write(await invocation.CreateRollback().RunAsync(request, cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
