using Eclusier.Decisions;
using Eclusier.Evidence;

namespace Eclusier.Rollbacks;

/// <summary>The criteria of a full rollback: the backup is whole, it is restored beside, and who asks for it knows what was written since.</summary>
internal static class RestoreCriteria
{
    public static IEnumerable<Criterion> All(DecisionFacts evidence, RestoreEvidence restore, bool inPlace) =>
    [
        TargetCriteria.Environment(evidence),
        TargetCriteria.Server(evidence),
        Copy(evidence),
        .. Origin(evidence, restore),
        Swap(restore, inPlace),
        Restored(evidence),
        .. ExtensionCriteria.All(evidence),
        Since(evidence, restore),
    ];

    /// <summary>One whole copy is enough to go back to.</summary>
    private static Criterion Copy(DecisionFacts evidence)
    {
        var title = new Text("A copy of the backup is whole", "Une copie de la sauvegarde est intacte");
        var backup = evidence.Backup!;
        var bad = backup.Copies.Where(copy => !copy.Verified).ToList();
        var said = new Text(
            $"{backup.Manifest.Id}: {backup.Copies.Count - bad.Count} of {backup.Copies.Count} verified{string.Concat(bad.Select(copy => $"; {copy.Destination}: {copy.Problem?.En}"))}",
            $"{backup.Manifest.Id} : {backup.Copies.Count - bad.Count} vérifiée(s) sur {backup.Copies.Count}{string.Concat(bad.Select(copy => $" ; {copy.Destination} : {copy.Problem?.Fr}"))}");
        return new Criterion("backup", title, bad.Count == backup.Copies.Count ? Verdict.Failed : bad.Count > 0 ? Verdict.Warning : Verdict.Passed, said,
            bad.Count == backup.Copies.Count ? new Text("Choose another backup: --restore BACKUP.", "Choisissez une autre sauvegarde : --restore SAUVEGARDE.") : null);
    }

    /// <summary>After a disaster, a backup of the database that is gone is just what is wanted; by mistake, it is not.</summary>
    private static IEnumerable<Criterion> Origin(DecisionFacts evidence, RestoreEvidence restore)
    {
        if (restore.OfAnother)
        {
            yield return new Criterion("backup_origin", new Text("The backup is of this database", "La sauvegarde est celle de cette base"), Verdict.Warning,
                new Text($"it is of another database that had the address {evidence.Backup!.Manifest.Target}", $"elle est celle d'une autre base qui avait l'adresse {evidence.Backup!.Manifest.Target}"));
        }
    }

    private static Criterion Swap(RestoreEvidence restore, bool inPlace)
    {
        var title = new Text("Databases can be swapped", "Les bases peuvent être échangées");
        if (restore.Impossible is { } why)
        {
            // Restored by one worker, in one transaction, and with indexes: not faster than beside.
            var seconds = restore.RestoreMs / 1000;
            return inPlace
                ? new Criterion("swap", title, Verdict.Warning, new Text($"{why.En}: in place, and nobody can work with the database meanwhile (the restore on the copy took {seconds:0.0} s)", $"{why.Fr} : sur place, et personne ne peut travailler sur la base pendant ce temps (la restauration de la copie a duré {French.Decimal(seconds, "0.0")} s)"))
                : new Criterion("swap", title, Verdict.Failed, why, new Text(
                    $"Use a user who may, or restore in place: eclusier rollback --restore --in-place. Nobody can work with the database meanwhile; on the copy it took {seconds:0.0} s.",
                    $"Utilisez un compte qui en a le droit, ou restaurez sur place : eclusier rollback --restore --in-place. Personne ne peut travailler sur la base pendant ce temps ; sur la copie, cela a duré {French.Decimal(seconds, "0.0")} s."));
        }

        return restore.Warnings.Count == 0
            ? new Criterion("swap", title, Verdict.Passed, new Text("by renaming", "par renommage"))
            : new Criterion("swap", title, Verdict.Warning, Text.Join(restore.Warnings));
    }

    private static Criterion Restored(DecisionFacts evidence)
    {
        var title = new Text("Backup was restored and counted", "Sauvegarde restaurée et comptée");
        if (evidence.Backup!.Restore is not { } restore)
            return new Criterion("restore", title, Verdict.Failed, new Text("no copy could be restored", "aucune copie n'a pu être restaurée"));
        return restore.Passed
            ? new Criterion("restore", title, Verdict.Passed, new Text($"{English.Count(restore.Tables, "table")}, {English.Count(restore.Rows, "row")}, as when it was taken", $"{French.Count(restore.Tables, "table")}, {French.Count(restore.Rows, "ligne")}, comme lors de la sauvegarde"))
            : new Criterion("restore", title, Verdict.Failed, restore.Problem ?? Text.Same(string.Join("; ", restore.Differences)));
    }

    private static Criterion Since(DecisionFacts evidence, RestoreEvidence restore)
    {
        var title = new Text("Written since the backup, and lost", "Écrit depuis la sauvegarde, et perdu");
        var minutes = (evidence.Now - restore.TakenAt).TotalMinutes;
        var age = new Text($"the backup is {minutes:0} min old", $"la sauvegarde a {minutes:0} min");
        var rows = restore.WrittenSince.Select(since => Text.Same($"{since.Table}: {since.Then?.ToString() ?? "-"} -> {since.Now?.ToString() ?? "-"}"));
        return restore.WrittenSince.Count + restore.InvariantsSince.Count == 0
            ? new Criterion("written_since", title, Verdict.Passed, new Text($"{age.En}; no count and no invariant differs", $"{age.Fr} ; aucun décompte ni invariant ne diffère"))
            : new Criterion("written_since", title, Verdict.Warning, Text.Join([age, .. rows, .. restore.InvariantsSince]));
    }
}
