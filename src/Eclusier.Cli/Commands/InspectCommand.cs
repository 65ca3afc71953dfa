using System.CommandLine;
using System.Text.Json;
using Eclusier.Cli.Rendering;
using Eclusier.Evidence;
using Eclusier.Snapshots;

namespace Eclusier.Cli.Commands;

/// <summary>Look at the target on a read-only connection.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command("inspect", Help.Say("Look at the target on a read-only connection.", "Examine la cible sur une connexion en lecture seule."));
        var snapshot = new Option<string>("--snapshot") { Description = Help.Say("Write the whole catalog into this file, for `diff`.", "Écrit tout le catalogue dans ce fichier, pour `diff`."), HelpName = "FILE" };
        command.Options.Add(snapshot);
        var options = CommandOptions.AddTo(command, pathless: true);
        command.Handle(options, async (parsed, cancellationToken) =>
        {
            var invocation = options.Resolve(parsed);
            if (parsed.GetValue(snapshot) is { } file)
                (await SnapshotAsync(invocation, cancellationToken)).Save(file);
            var run = invocation.CreateRun();
            var inspection = await run.InspectAsync(cancellationToken);
            if (invocation.Json)
                Output.WriteJson(JsonSerializer.Serialize(inspection, EclusierJson.For(invocation.Language).Inspection));
            else
                Output.Write(InspectionView.Of(inspection, invocation.Language));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>What the tracking table says belongs to it, where there are migrations that it could be about.</summary>
    private static Task<DatabaseSnapshot> SnapshotAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var source = new SnapshotSource(invocation.Runbook, invocation.Engine, CommandLine.Version, TimeProvider.System);
        var tracked = !invocation.Runbook.HasMigrations || Directory.Exists(invocation.Runbook.Migrations.Path);
        return tracked ? source.OfAsync(invocation.Environment, cancellationToken) : source.CatalogOfAsync(invocation.Environment, cancellationToken);
    }
}
