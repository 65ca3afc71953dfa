using Eclusier.Decisions;
using Eclusier.Runs;

namespace Eclusier.Reports;

/// <summary>The backup and its copies.</summary>
internal static class BackupSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        to.Section("Backup", "Sauvegarde");
        if (record.Backup is not { } backup)
        {
            to.Paragraph(to.Say("No backup was asked for.", "Aucune sauvegarde n'a été demandée."));
            return;
        }

        to.Table(["", ""],
        [
            [to.Say("Backup", "Sauvegarde"), $"{backup.Manifest.Id}{(backup.Reused ? to.Say(" (recent, proved again)", " (récente, vérifiée à nouveau)") : "")}"],
            [to.Say("Size", "Taille"), to.Formats.Bytes(backup.Manifest.SizeBytes)],
            ["SHA-256", backup.Manifest.Sha256],
            [to.Say("Restore", "Restauration"), Restore(to, backup.Restore)],
        ]);
        to.Table(
            [to.Say("Copy", "Copie"), to.Say("Verdict", "Verdict"), ""],
            backup.Copies.Select(copy => new[] { copy.Path, MarkdownReport.Name(copy.Verified ? Verdict.Passed : Verdict.Failed).In(to.Language), copy.Problem?.In(to.Language) ?? "" }));
    }

    private static string Restore(MarkdownWriter to, Backups.RestoreCheck? restore) => restore switch
    {
        null => to.Say("not asked for", "non demandée"),
        { Passed: true } => to.Say($"{restore.Tables} tables, {to.Formats.Number(restore.Rows)} rows, as in the source", $"{restore.Tables} tables, {to.Formats.Number(restore.Rows)} lignes, comme à la source"),
        _ => $"{MarkdownReport.Name(Verdict.Failed).In(to.Language)}: {restore.Problem?.In(to.Language)} {string.Join("; ", restore.Differences)}",
    };
}
