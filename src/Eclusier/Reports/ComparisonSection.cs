using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>How fast the runbook's queries were before the migrations, and are after them.</summary>
internal static class ComparisonSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        if (record.Compared is not { } states || record.Comparisons.Count == 0)
            return;
        to.Section("Queries before and after", "Requêtes avant et après");
        to.Paragraph(states.Said.In(to.Language));
        to.Table(
            [to.Say("Query", "Requête"), to.Say("After the migrations", "Après les migrations"), to.Say("Demanded", "Exigé"), to.Say("Verdict", "Verdict"), to.Say("Plan", "Plan")],
            record.Comparisons.Select(found => new[] { found.Name, Said(found).In(to.Language), Demanded(to, found), Verdict(to, found), found.PlanChange.In(to.Language) }));
        to.Table(
            [to.Say("Query", "Requête"), to.Say("State", "État"), to.Say("Median", "Médiane"), "", to.Say("95th percentile", "95e centile"), to.Say("Blocks", "Blocs"), to.Say("Rows", "Lignes")],
            record.Comparisons.SelectMany(found => Figures(to, record, found)));
    }

    private static Text Said(Comparison found) => found.Said ?? found.Before.Problem ?? found.After.Problem ?? Text.Same("-");

    private static string Demanded(MarkdownWriter to, Comparison found) =>
        found.Faster is { } demanded ? to.Say($"{to.Formats.Ratio(demanded)} times", $"{to.Formats.Ratio(demanded)} fois") : "";

    private static string Verdict(MarkdownWriter to, Comparison found) =>
        found.Faster is null ? "" : VerdictName.OfCheck(found.Passed).In(to.Language);

    private static IEnumerable<string[]> Figures(MarkdownWriter to, RunRecord record, Comparison found)
    {
        var longest = new[] { found.Before, found.After, found.Target }.Max(measured => measured.MedianMs) ?? 0;
        string[] Row(string state, Measurement measured) => measured.Samples == 0
            ? [found.Name, state, "-", "", "", "", ""]
            :
            [
                found.Name, state, to.Formats.Measured(measured.MedianMs!.Value), longest > 0 ? Bar.Of(measured.MedianMs.Value / longest) : "",
                to.Formats.Measured(measured.P95Ms!.Value), to.Formats.Number(measured.Buffers!.Value), to.Formats.Number(measured.Rows!.Value),
            ];
        yield return Row(to.Say("before", "avant"), found.Before);
        yield return Row(to.Say("after", "après"), found.After);
        yield return Row(to.Say($"on {record.Environment} itself", $"sur {record.Environment} même"), found.Target);
    }
}
