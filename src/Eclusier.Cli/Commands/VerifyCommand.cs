using System.CommandLine;
using Eclusier.Postgres;
using Eclusier.Runs;

namespace Eclusier.Cli.Commands;

/// <summary>Ask the checks, and compare the invariants with the last run.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var command = new Command("verify", Help.Say("Ask the checks, and compare the invariants with the last run.", "Pose les contrôles et compare les invariants à ceux de la dernière exécution."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = new MigrationRun(
                invocation.Runbook, invocation.Environment, new PostgresEngine(), invocation.RunOptions, new ConsoleObserver(invocation.Language, invocation.Json), TimeProvider.System);
            return RunOutput.Write(await run.VerifyAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
