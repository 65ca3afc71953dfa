using System.CommandLine;
using Eclusier.Evidence;

namespace Eclusier.Cli.Commands;

/// <summary>Undo migrations: those of a run, or all after a version.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = Help.Say("Undo everything applied after this version; 0: everything.", "Annule tout ce qui a été appliqué après cette version ; 0 : tout."), HelpName = "VERSION" };
        var run = new Option<string>("--run") { Description = Help.Say("Undo what this run applied (default: the newest).", "Annule ce que cette exécution a appliqué (par défaut : la plus récente)."), HelpName = "ID" };
        var without = new Option<bool>("--no-backup") { Description = Help.Say("Leave the runbook's backup out.", "Se passe de la sauvegarde du runbook.") };
        var restore = new Option<string?>("--restore")
        {
            Description = Help.Say("Put a backup in the place of the database (default: that of the newest run).", "Met une sauvegarde à la place de la base (par défaut : celle de la dernière exécution)."),
            HelpName = "BACKUP",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var inPlace = new Option<bool>("--in-place") { Description = Help.Say("With --restore, where databases cannot be renamed: replace what is in the database; nobody can work with it meanwhile.", "Avec --restore, là où les bases ne peuvent pas être renommées : remplace le contenu de la base ; personne ne peut y travailler pendant ce temps.") };
        var command = new Command("rollback", Help.Say("Undo migrations: those of the newest run, of a run, or all after a version; or restore a backup.", "Annule des migrations : celles de la dernière exécution, d'une exécution, ou toutes après une version ; ou restaure une sauvegarde.")) { to, run, without, restore, inPlace };
        var options = CommandOptions.AddTo(command, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (new Option[] { to, run, restore }.Count(option => parsed.GetResult(option) is not null) > 1)
            {
                throw new InvalidInputException(
                    new Text("--to, --run and --restore do not go together.", "--to, --run et --restore ne vont pas ensemble."), null, new Text("Give one of them.", "Donnez l'un d'eux."));
            }

            if (parsed.GetResult(restore) is not null)
                return RunOutput.Write(await invocation.CreateRestore().RunAsync(parsed.GetValue(restore), parsed.GetValue(inPlace), cancellationToken), invocation.Json, invocation.Language);

            var request = new RollbackRequest(parsed.GetValue(to), parsed.GetValue(run), parsed.GetValue(without));
            return RunOutput.Write(await invocation.CreateRollback().RunAsync(request, cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
