using System.CommandLine;

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
            return RunOutput.Write(await invocation.CreateRun().VerifyAsync(cancellationToken), invocation.Json, invocation.Language);
        });
        return command;
    }
}
