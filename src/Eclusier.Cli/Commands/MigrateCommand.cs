using System.CommandLine;

namespace Eclusier.Cli.Commands;

/// <summary>All phases: inspect, plan, back up, rehearse, decide, apply, verify, report.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", Help.Say("All phases: inspect, plan, back up, rehearse, decide, apply, verify, report.", "Toutes les phases : inspection, plan, sauvegarde, répétition, décision, application, vérification, rapport."));
        var options = CommandOptions.AddTo(command, approve: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            return RunOutput.Write(await invocation.CreateRun().MigrateAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
