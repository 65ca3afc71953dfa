using System.CommandLine;
using System.Text.Json;
using Eclusier.Cli.Rendering;

namespace Eclusier.Cli.Commands;

/// <summary>Look at the target on a read-only connection.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command("inspect", Help.Say("Look at the target on a read-only connection.", "Examine la cible sur une connexion en lecture seule."));
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            var run = invocation.CreateRun();
            var inspection = await run.InspectAsync(cancellationToken);
            if (invocation.Json)
                Output.Write(JsonSerializer.Serialize(inspection, EclusierJson.For(invocation.Language).Inspection));
            else
                Output.Write(InspectionView.Of(inspection, invocation.Language));
            return ExitCode.Done;
        });
        return command;
    }
}
