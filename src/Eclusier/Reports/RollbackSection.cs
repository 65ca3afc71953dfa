using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>The way back: proven in a rehearsal, or gone in a rollback.</summary>
internal static class RollbackSection
{
    public static Text Headline(RunRecord record)
    {
        if (record.Restore is { } restore && record.Outcome is RunOutcome.Done or RunOutcome.ChecksFailed)
        {
            return restore.SwappedBack
                ? new Text("A check failed on the restored backup; the former database is live again.", "Un contrôle a échoué sur la sauvegarde restaurée ; la base d'avant est de nouveau en service.")
                : new Text($"Success: the database is backup {restore.Backup} again.", $"Succès : la base est de nouveau la sauvegarde {restore.Backup}.");
        }

        var done = Counted.Applied(record);
        return record.Outcome switch
        {
            RunOutcome.Done when record.Rollback is { RowsAtRisk.Count: > 0 } => new Text(
                $"Success: {done.En}, the catalog is as it was; whether the rows are, their rollback files decide.", $"Succès : {done.Fr}, le catalogue est comme avant ; les lignes le sont si leurs fichiers de retour les rétablissent."),
            RunOutcome.Done => new Text($"Success: {done.En}, everything is as it was.", $"Succès : {done.Fr}, tout est comme avant."),
            RunOutcome.NoGo => new Text("NO-GO: a criterion refused; nothing was changed.", "NO-GO : un critère a refusé ; rien n'a été modifié."),
            RunOutcome.ChecksFailed => new Text($"{done.En}, but not everything is as it was.", $"{done.Fr}, mais tout n'est pas comme avant."),
            _ => new Text($"Stopped, {done.En}; those below are still applied.", $"Arrêt, {done.Fr} ; celles qui suivent restent appliquées."),
        };
    }

    public static void Write(MarkdownWriter to, RollbackPlan rollback)
    {
        to.Section("Way back", "Retour arrière");
        to.Table(
            ["Migration", to.Say("Way back", "Retour"), to.Say("Remarks", "Remarques")],
            rollback.Reversals.Select(reversal => new[]
            {
                MigrationTitle.Of(reversal.Migration, reversal.Name), Source(reversal.Source).In(to.Language), Text.Join(reversal.ChangedSince.Prepend(reversal.RowsAtRisk!).Prepend(reversal.Problem!).OfType<Text>()).In(to.Language),
            }));
        to.Paragraph(rollback.Losses.Count == 0 ? to.Say("No rows go with it.", "Aucune ligne ne part avec.") : to.Say("Rows that go with it, counted beforehand:", "Lignes qui partent avec, comptées auparavant :"));
        to.List(rollback.Losses.Select(loss => loss.Column is { } column
            ? to.Say($"{loss.Relation}.{column}: {English.Count(loss.Rows, "value")}", $"{loss.Relation}.{column} : {French.Count(loss.Rows, "valeur")}")
            : to.Say($"{loss.Relation}: {English.Count(loss.Rows, "row")}", $"{loss.Relation} : {French.Count(loss.Rows, "ligne")}")));
    }

    public static void Write(MarkdownWriter to, RestoreEvidence restore)
    {
        to.Section("Full rollback", "Retour complet");
        to.Table(["", ""],
        [
            [to.Say("Backup", "Sauvegarde"), $"{restore.Backup} ({to.Formats.Time(restore.TakenAt)})"],
            [to.Say("Restored beside in", "Restaurée à côté en"), to.Formats.Duration(restore.RestoreMs)],
            [to.Say("Downtime", "Indisponibilité"), to.Formats.Duration(restore.DowntimeMs)],
            [to.Say("Former database", "Base d'avant"), restore.Kept ?? to.Say("live", "en service")],
        ]);
        to.Paragraph(restore.WrittenSince.Count + restore.InvariantsSince.Count == 0
            ? to.Say("No count and no invariant differs from the backup.", "Aucun décompte ni invariant ne diffère de la sauvegarde.")
            : to.Say("Written since the backup:", "Écrit depuis la sauvegarde :"));
        if (restore.WrittenSince.Count > 0)
        {
            to.Table(
                ["Table", to.Say("In the backup", "Dans la sauvegarde"), to.Say("Live", "En service")],
                restore.WrittenSince.Select(since => new[] { since.Table, since.Then?.ToString() ?? "-", since.Now?.ToString() ?? "-" }));
        }

        to.List(restore.InvariantsSince.Concat(restore.Warnings).Select(text => text.In(to.Language)));
    }

    public static void Proofs(MarkdownWriter to, Rehearsal rehearsal)
    {
        to.Paragraph(rehearsal.Rollback switch
        {
            RollbackVerdict.Proven => to.Say("Way back proven: everything was undone on the copy, and its catalog, rights and rows are what they were.", "Retour prouvé : tout a été annulé sur la copie, dont le catalogue, les droits et les lignes sont ceux d'avant."),
            RollbackVerdict.Unproven => to.Say("Way back proven for what could be rehearsed; the rest is unproven.", "Retour prouvé pour ce qui a pu être répété ; le reste n'est pas prouvé."),
            RollbackVerdict.NotProven => to.Say("Way back NOT proven.", "Retour NON prouvé."),
            _ => to.Say("No complete way back but the backup.", "Pas de retour complet, hormis la sauvegarde."),
        });
        to.Table(
            ["Migration", to.Say("Way back", "Retour"), to.Say("Verdict", "Verdict")],
            rehearsal.Rollbacks.Select(proof => new[]
            {
                MigrationTitle.Of(proof.Migration, proof.Name), Source(proof.Source).In(to.Language), proof.Proven ? to.Say("proven", "prouvé") : proof.Problem?.In(to.Language) ?? "-",
            }));
    }

    private static Text Source(ReversalSource source) => source switch
    {
        ReversalSource.File => new Text("rollback file", "fichier de retour"),
        ReversalSource.Generated => new Text("from the catalog", "d'après le catalogue"),
        _ => new Text("none", "aucun"),
    };
}
