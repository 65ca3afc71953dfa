using System.CommandLine;
using Eclusier.Postgres;
using Eclusier.Runs;

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
            var run = new MigrationRun(
                invocation.Runbook, invocation.Environment, new PostgresEngine(), invocation.RunOptions, new ConsoleObserver(invocation.Language, invocation.Json), TimeProvider.System);
            return RunOutput.Write(await run.MigrateAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
