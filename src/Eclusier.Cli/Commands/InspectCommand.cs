using System.CommandLine;
using System.Text.Json;
using Eclusier.Catalog;
using Eclusier.Cli.Rendering;

namespace Eclusier.Cli.Commands;

/// <summary>Look at the target on a read-only connection.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command("inspect", Help.Say("Look at the target on a read-only connection.", "Examine la cible sur une connexion en lecture seule."));
        var snapshot = new Option<string>("--snapshot") { Description = Help.Say("Write the whole catalog into this file, for `diff`.", "Écrit tout le catalogue dans ce fichier, pour `diff`."), HelpName = "FILE" };
        command.Options.Add(snapshot);
        var options = CommandOptions.AddTo(command);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (parsed.GetValue(snapshot) is { } file)
                (await new SnapshotSource(invocation.Runbook, invocation.Engine, CommandLine.Version, TimeProvider.System).OfAsync(invocation.Environment, cancellationToken)).Save(file);
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
