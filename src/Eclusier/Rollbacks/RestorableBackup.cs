using Eclusier.Backups;
using Eclusier.Runs;

namespace Eclusier.Rollbacks;

/// <summary>Finds the backup to go back to, every copy of it read back.</summary>
internal static class RestorableBackup
{
    /// <exception cref="EclusierException">The runbook has no backup, or there is none of this database (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<Backup> FindAsync(RunSetup setup, string? id, string target, CancellationToken cancellationToken)
    {
        var settings = setup.Runbook.Backup ?? throw None(setup, new Text("The runbook has no `backup:`.", "Le runbook n'a pas de `backup:`."), []);
        var manifests = (await BackupStore.ManifestsAsync(settings, setup.Environment.Name, cancellationToken)).Where(manifest => manifest.Target == target).ToList();
        var wanted = id ?? OfLastRun(setup, target);
        var manifest = manifests.Find(manifest => manifest.Id == wanted) ?? (id is null ? manifests.MaxBy(manifest => manifest.TakenAt) : null);
        if (manifest is null)
        {
            throw None(
                setup,
                id is null ? new Text($"There is no backup of {target}.", $"Il n'y a pas de sauvegarde de {target}.") : new Text($"There is no backup \"{id}\" of {target}.", $"Il n'y a pas de sauvegarde « {id} » de {target}."),
                manifests.Select(known => known.Id).Distinct(StringComparer.Ordinal));
        }

        return await BackupStore.VerifyAsync(settings, manifest, cancellationToken);
    }

    /// <summary>The one that was made before the last migration: that is where people want to go back to.</summary>
    private static string? OfLastRun(RunSetup setup, string target) => RunFolder.All(setup.Runbook.Directory, setup.Environment.Name)
        .Select(Journal.Read)
        .FirstOrDefault(run => run.Kind == RunKind.Migrate && run.Inspection?.Target == target && run.Steps.Any(step => step.Status is StepStatus.Applied or StepStatus.Failed))?
        .Backup?.Manifest.Id;

    private static EclusierException None(RunSetup setup, Text problem, IEnumerable<string> known)
    {
        var list = string.Join(", ", known);
        return new EclusierException(
            problem,
            setup.Runbook.File,
            list.Length == 0
                ? new Text("Restore another one by hand with pg_restore, beside the database.", "Restaurez-en une autre à la main avec pg_restore, à côté de la base.")
                : new Text($"There are: {list}.", $"Il y a : {list}."),
            ExitCode.Usage);
    }
}
