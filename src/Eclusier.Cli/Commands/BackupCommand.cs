using System.CommandLine;
using Eclusier.Postgres;
using Eclusier.Runs;

namespace Eclusier.Cli.Commands;

/// <summary>Back up to every destination, read each copy back, and restore one.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var command = new Command("backup", Help.Say("Back up to every destination, read each copy back, and restore one.", "Sauvegarde vers chaque destination, relit chaque copie et en restaure une."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = new MigrationRun(
                invocation.Runbook, invocation.Environment, new PostgresEngine(), invocation.RunOptions, new ConsoleObserver(invocation.Language, invocation.Json), TimeProvider.System);
            return RunOutput.Write(await run.BackupAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
