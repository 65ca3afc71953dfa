using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>The backup and its copies.</summary>
internal static class BackupSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        // Before its time, nothing is backed up and nothing dropped.
        if (record is { Kind: RunKind.Maintain, Backup: null })
            return;
        to.Section("Backup", "Sauvegarde");
        if (record.Backup is { } backup)
            Write(to, backup, record.OfCollections);
        else
            to.Paragraph(to.Say("No backup was asked for.", "Aucune sauvegarde n'a été demandée."));
    }

    /// <summary>The one that was made of what the migrations left, where the runbook asks for it.</summary>
    public static void After(MarkdownWriter to, RunRecord record)
    {
        if (record.BackupAfter is not { } backup)
            return;
        to.Section("Backup after the migration", "Sauvegarde après la migration");
        Write(to, backup, record.OfCollections);
    }

    private static void Write(MarkdownWriter to, Backup backup, bool collections)
    {
        to.Table(["", ""],
        [
            [to.Say("Backup", "Sauvegarde"), $"{backup.Manifest.Id}{(backup.Reused ? to.Say(" (recent, proved again)", " (récente, vérifiée à nouveau)") : "")}"],
            [to.Say("File", "Fichier"), backup.Manifest.Files.Count == 0 ? backup.Manifest.Dump.File : to.Formats.Count(backup.Manifest.Files.Count, "file", "fichier")],
            [to.Say("Size", "Taille"), to.Formats.Bytes(backup.Manifest.SizeBytes)],
            ["SHA-256", backup.Manifest.Sha256],
            [to.Say("Restore", "Restauration"), Restore(to, backup.Restore, collections)],
        ]);
        UnprovenList.Write(to, backup.Restore);
        if (backup.Manifest.Dump.Skipped.Count > 0)
            to.Paragraph(to.Say($"Not in it: {string.Join(", ", backup.Manifest.Dump.Skipped)}.", $"N'y sont pas : {string.Join(", ", backup.Manifest.Dump.Skipped)}."));
        to.Table(
            [to.Say("Copy", "Copie"), to.Say("Verdict", "Verdict"), ""],
            backup.Copies.Select(copy => new[] { copy.Path, VerdictName.OfCheck(copy.Verified).In(to.Language), copy.Problem?.In(to.Language) ?? "" }));
    }

    private static string Restore(MarkdownWriter to, RestoreCheck? restore, bool collections) => restore switch
    {
        null => to.Say("not asked for", "non demandée"),
        { Passed: true } when collections => restore.Said(DatabaseSystem.MongoDb).In(to.Language),
        { Passed: true } => $"{to.Formats.Count(restore.Tables, "table", "table")}, {to.Formats.Count(restore.Rows, "row", "ligne")}, {to.Say("as in the source", "comme à la source")}",
        _ => $"{VerdictName.OfCheck(passed: false).In(to.Language)}: {restore.Problem?.In(to.Language)} {string.Join("; ", restore.Differences)}",
    };
}
