using System.CommandLine;
using Eclusier.Postgres;
using Eclusier.Runs;

namespace Eclusier.Cli.Commands;

/// <summary>Back up, restore into a sandbox, and run the plan there.</summary>
internal static class RehearseCommand
{
    public static Command Create()
    {
        var command = new Command("rehearse", Help.Say("Back up, restore into a sandbox, and run the plan there.", "Sauvegarde, restaure dans un serveur jetable et y exécute le plan."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = new MigrationRun(
                invocation.Runbook, invocation.Environment, new PostgresEngine(), invocation.RunOptions, new ConsoleObserver(invocation.Language, invocation.Json), TimeProvider.System);
            return RunOutput.Write(await run.RehearseAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
