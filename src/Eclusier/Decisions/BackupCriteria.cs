using Eclusier.Evidence;

namespace Eclusier.Decisions;

/// <summary>Is there a way back?</summary>
internal static class BackupCriteria
{
    public static IEnumerable<Criterion> All(DecisionFacts evidence)
    {
        var title = new Text("Backup in enough places", "Sauvegarde en lieux suffisants");
        if (evidence.Runbook.Backup is not { } settings)
        {
            yield return new Criterion("backup", title, Verdict.NotAsked,
                new Text("no backup was asked for", "aucune sauvegarde demandée"),
                new Text("Add `backup:` to the runbook, or --backup-to FOLDER.", "Ajoutez `backup:` au runbook, ou --backup-to DOSSIER."));
            yield break;
        }

        if (evidence.Backup is not { } backup)
        {
            yield return new Criterion("backup", title, Verdict.Failed, new Text("no backup was made", "aucune sauvegarde n'a été faite"), new Text("See the problems below.", "Voyez les problèmes ci-dessous."));
            yield break;
        }

        yield return Copies(title, backup, settings.Copies);
        yield return Age(evidence, backup, settings.MaxAge);
        if (settings.Restore)
            yield return Restore(evidence, backup);
    }

    private static Criterion Copies(Text title, Backup backup, int wanted)
    {
        var verified = backup.Copies.Count(copy => copy.Verified);
        var bad = backup.Copies.Where(copy => !copy.Verified).ToList();
        var evidence = new Text(
            $"{verified} verified, {wanted} wanted{string.Concat(bad.Select(copy => $"; {copy.Destination}: {copy.Problem?.En ?? "not verified"}"))}",
            $"{verified} vérifiée(s), {wanted} exigée(s){string.Concat(bad.Select(copy => $" ; {copy.Destination} : {copy.Problem?.Fr ?? "non vérifiée"}"))}");
        if (bad.Count > 0)
        {
            // An altered copy is a no-go even when enough others are whole: something is wrong with a place that is trusted.
            return new Criterion("backup", title, Verdict.Failed, evidence,
                new Text("Look at that destination, then make a new backup with `eclusier backup`.", "Examinez cette destination, puis refaites une sauvegarde avec `eclusier backup`."));
        }

        if (verified >= wanted && backup.Devices < verified)
        {
            return new Criterion("backup", title, Verdict.Warning,
                new Text($"{evidence.En}; {verified} copies on {backup.Devices} {(backup.Devices == 1 ? "device" : "devices")}", $"{evidence.Fr} ; {verified} copies sur {backup.Devices} {(backup.Devices == 1 ? "support" : "supports")}"),
                new Text("Add a place off this disk to backup.to: what breaks it takes all of these along.", "Ajoutez à backup.to un lieu hors de ce disque : une panne les emporterait toutes."));
        }

        return verified >= wanted
            ? new Criterion("backup", title, Verdict.Passed, evidence)
            : new Criterion("backup", title, Verdict.Failed, evidence,
                new Text("Add destinations to backup.to, or lower backup.copies.", "Ajoutez des destinations à backup.to, ou baissez backup.copies."));
    }

    private static Criterion Age(DecisionFacts evidence, Backup backup, TimeSpan limit)
    {
        var age = evidence.Now - backup.Manifest.TakenAt;
        var text = new Text($"{age.TotalMinutes:0} min old, at most {limit.TotalMinutes:0} min", $"âge : {age.TotalMinutes:0} min, maximum {limit.TotalMinutes:0} min");
        return new Criterion("backup_age", new Text("Backup is recent", "Sauvegarde récente"), age <= limit && age > -limit ? Verdict.Passed : Verdict.Failed, text,
            age <= limit ? null : new Text("Run `migrate` again: it makes a new backup.", "Relancez `migrate` : une nouvelle sauvegarde sera faite."));
    }

    private static Criterion Restore(DecisionFacts evidence, Backup backup)
    {
        var title = new Text("Backup was restored and counted", "Sauvegarde restaurée et comptée");
        if (backup.Restore is not { } restore)
            return new Criterion("restore", title, Verdict.Failed, new Text("no copy could be restored", "aucune copie n'a pu être restaurée"), new Text("See the backup's problems.", "Voyez les problèmes de la sauvegarde."));
        if (restore.Passed)
            return new Criterion("restore", title, Verdict.Passed, restore.Said(evidence.Inspection.System));
        var why = restore.Problem ?? Text.Same(string.Join("; ", restore.Differences));
        return new Criterion("restore", title, Verdict.Failed, why, new Text("Do not migrate without a backup that restores.", "Ne migrez pas sans une sauvegarde qui se restaure."));
    }
}
