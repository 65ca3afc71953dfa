using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>What a database has of each migration, with the evidence.</summary>
internal static class BaselineSection
{
    public static Text Headline(RunRecord record) => record.Outcome switch
    {
        RunOutcome.Done when record.Baseline!.Recorded.Count == 0 => new Text("Nothing to record; what is left to settle is remembered.", "Rien à enregistrer ; ce qui reste à trancher est retenu."),
        RunOutcome.Done => new Text($"Recorded as applied: {string.Join(", ", record.Baseline!.Recorded)}.", $"Enregistrées comme appliquées : {string.Join(", ", record.Baseline!.Recorded)}."),
        RunOutcome.NothingToDo => new Text("Nothing to record.", "Rien à enregistrer."),
        _ => new Text("Nothing was recorded.", "Rien n'a été enregistré."),
    };

    public static void Write(MarkdownWriter to, Baseline baseline)
    {
        to.Section("Verdicts", "Verdicts");
        to.Paragraph(to.Say($"Every migration was replayed on a {baseline.On}, and what it leaves was looked up in the database.", $"Chaque migration a été rejouée dans un environnement jetable ({baseline.On}), et ce qu'elle laisse a été cherché dans la base."));
        to.Table(
            ["Migration", "Verdict", to.Say("Tracking table", "Table de suivi"), to.Say("Evidence", "Preuve")],
            baseline.Verdicts.Select(verdict => new[] { MigrationTitle.Of(verdict.Migration, verdict.Name), verdict.Verdict.Name().In(to.Language), Tracked(verdict).In(to.Language), (verdict.NotNeeded ?? verdict.Reason).In(to.Language) }));
        to.List(baseline.Verdicts.Where(verdict => verdict.Unsettled).SelectMany(verdict => verdict.Findings.Where(found => found.Finding is Presence.Missing or Presence.Different).Select(found => $"{verdict.Migration}: {Said(found).In(to.Language)}")));
        if (baseline.ToSettle.Count > 0)
            to.Paragraph(to.Say($"To settle, or `migrate` runs nothing: {string.Join(", ", baseline.ToSettle.Select(verdict => verdict.Migration))}.", $"À trancher, sinon `migrate` n'exécute rien : {string.Join(", ", baseline.ToSettle.Select(verdict => verdict.Migration))}."));
        to.List(baseline.Replacements.Select(proof => proof.Equivalent
            ? to.Say($"{proof.Migration} leads where {string.Join(", ", proof.Replaces)} lead: equal fingerprints.", $"{proof.Migration} mène là où mènent {string.Join(", ", proof.Replaces)} : empreintes égales.")
            : to.Say($"{proof.Migration} does NOT lead where {string.Join(", ", proof.Replaces)} lead: {string.Join(", ", proof.Differences)}.", $"{proof.Migration} ne mène PAS là où mènent {string.Join(", ", proof.Replaces)} : {string.Join(", ", proof.Differences)}.")));
        to.List(baseline.WithoutFile.Select(row => to.Say($"{MigrationTitle.Of(row.Version, row.Name)} is recorded, but has no file.", $"{MigrationTitle.Of(row.Version, row.Name)} est enregistrée, mais n'a pas de fichier.")));
        Drift(to, baseline.Drift);
    }

    private static void Drift(MarkdownWriter to, IReadOnlyList<ObjectDifference> drift)
    {
        to.Section("Drift", "Dérive");
        if (drift.Count == 0)
            to.Paragraph(to.Say("Everything in the database comes from a migration.", "Tout ce que contient la base vient d'une migration."));
        else
            to.List(drift.Select(found => $"{found.Kind} {found.Name}: {Said(found.Difference).In(to.Language)}"));
    }

    private static Text Tracked(MigrationVerdict verdict) =>
        verdict.Recorded ? new Text("recorded", "enregistrée") : verdict.NotNeeded is not null ? new Text("not needed", "sans objet") : verdict.ToRecord ? new Text("to record", "à enregistrer") : new Text("not recorded", "non enregistrée");

    private static Text Said(ObjectFinding found) => found.Finding == Presence.Missing ? new Text($"{found} is missing", $"{found} manque") : new Text($"{found} is otherwise", $"{found} est différent");

    private static Text Said(DifferenceSide side) => side switch
    {
        DifferenceSide.LeftOnly => new Text("missing", "manque"),
        DifferenceSide.RightOnly => new Text("made by no migration", "créé par aucune migration"),
        _ => new Text("not as the migrations leave it", "pas comme les migrations le laissent"),
    };
}
