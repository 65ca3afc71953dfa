using Eclusier.Backups;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Rollbacks;

/// <summary>Finds the backup to go back to, every copy of it read back.</summary>
/// <param name="OfAnother">It was taken of another database that had this address; somebody named it.</param>
internal sealed record RestorableBackup(Backup Backup, bool OfAnother)
{
    /// <param name="id">As somebody chose it: it may also be of a database that had this address before. Null: of this very database, and of none else.</param>
    /// <exception cref="InvalidInputException">The runbook has no backup, or there is none of this database.</exception>
    public static async Task<RestorableBackup> FindAsync(RunSetup setup, string? id, Database target, CancellationToken cancellationToken)
    {
        var settings = setup.Runbook.Backup ?? throw None(setup, new Text("The runbook has no `backup:`.", "Le runbook n'a pas de `backup:`."), []);
        var known = await KnownBackups.FindAsync(settings, setup.Environment.Name, cancellationToken);
        var there = known.Manifests.Where(manifest => manifest.Target == target.Description).ToList();
        var identity = await target.IdentifyAsync(cancellationToken);
        var history = await RunHistory.OfAsync(setup, target, cancellationToken);
        // A restore puts a new database in the place of the former one; the runs tell which those were.
        bool IsOurs(BackupManifest manifest) => manifest.Identity is null || identity.Is(manifest.Identity) || history.Runs.Any(run => manifest.Identity.Is(run.Inspection?.Identity));
        var manifest = id is null ? Default([.. there.Where(IsOurs)], history) : there.Find(manifest => manifest.Id == id);
        return manifest is null
            ? throw None(setup, Missing(id, there, known, target.Description), there.Select(found => found.Id).Distinct(StringComparer.Ordinal))
            : new RestorableBackup(await BackupStore.VerifyAsync(settings, manifest, cancellationToken), !IsOurs(manifest));
    }

    /// <summary>The one that was made before the last migration: that is where people want to go back to. Without such, the newest.</summary>
    /// <exception cref="EclusierException">The journal of a run that might be the last one cannot be read.</exception>
    private static BackupManifest? Default(IReadOnlyList<BackupManifest> ours, RunHistory history)
    {
        var last = history.Newest(run => run.Steps.Any(step => step.Status is StepStatus.Applied or StepStatus.Failed))?.Backup?.Manifest.Id;
        return ours.FirstOrDefault(manifest => manifest.Id == last) ?? ours.MaxBy(manifest => manifest.TakenAt);
    }

    private static Text Missing(string? id, IReadOnlyList<BackupManifest> there, KnownBackups known, string target)
    {
        if (id is null)
        {
            return there.Count == 0
                ? new Text($"There is no backup of {target}.", $"Il n'y a pas de sauvegarde de {target}.")
                : new Text(
                    $"There is no backup of this database: those of {target} are of another one that had its address. To restore one all the same, name it: --restore BACKUP.",
                    $"Il n'y a pas de sauvegarde de cette base : celles de {target} viennent d'une autre base, qui avait son adresse. Pour en restaurer une malgré tout, nommez-la : --restore SAUVEGARDE.");
        }

        return known.Damaged.TryGetValue(id, out var damage)
            ? new Text($"Backup \"{id}\" cannot be used: {damage.En}.", $"La sauvegarde « {id} » est inutilisable : {damage.Fr}.")
            : new Text($"There is no backup \"{id}\" of {target}.", $"Il n'y a pas de sauvegarde « {id} » de {target}.");
    }

    private static EclusierException None(RunSetup setup, Text problem, IEnumerable<string> known)
    {
        var list = string.Join(", ", known);
        return new InvalidInputException(
            problem,
            setup.Runbook.File,
            list.Length == 0
                ? new Text("Restore another one by hand with pg_restore, beside the database.", "Restaurez-en une autre à la main avec pg_restore, à côté de la base.")
                : new Text($"There are: {list}.", $"Il y a : {list}."));
    }
}
