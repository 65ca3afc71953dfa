using System.CommandLine;

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
            return RunOutput.Write(await invocation.CreateRun().BackupAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
