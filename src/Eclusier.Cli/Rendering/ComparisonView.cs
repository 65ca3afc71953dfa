using Eclusier.Evidence;

namespace Eclusier.Cli.Rendering;

/// <summary>Queries before and after, as an aligned table.</summary>
internal static class ComparisonView
{
    public static string Of(ComparedStates states, IReadOnlyList<Comparison> comparisons, string environment, Language language)
    {
        string Say(string en, string fr) => new Text(en, fr).LineIn(language);
        List<string[]> rows =
        [
            [Say("query", "requête"), Say("before", "avant"), Say("after", "après"), Say($"on {environment}", $"sur {environment}"), Say("blocks", "blocs"), Say("ratio", "rapport"), ""],
            .. comparisons.Select(found => Row(found, language)),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var lines = new List<string>();
        foreach (var (index, row) in rows.Index())
        {
            // Names to the left, figures to the right, as people compare them.
            lines.Add(string.Join("  ", row.Select((cell, column) => column is 0 or 6 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
            if (index > 0)
                lines.AddRange(Remarks(comparisons[index - 1]).Select(remark => $"    {remark.LineIn(language)}"));
        }

        return string.Join('\n', [.. lines, "", states.Said.LineIn(language)]);
    }

    private static string[] Row(Comparison found, Language language) =>
    [
        found.Name, Milliseconds(found.Before, language), Milliseconds(found.After, language), Milliseconds(found.Target, language),
        found.Before.Buffers is { } was && found.After.Buffers is { } now ? $"{was} → {now}" : "-",
        found.Ratio is { } ratio ? $"{Formats.Of(language).Ratio(ratio)}×" : "-",
        found.Faster is null ? "" : (found.Passed ? Text.Same("OK") : new Text($"FAILED (at least {found.Faster:0.##}×)", $"ÉCHEC (au moins {Formats.Of(Language.Fr).Ratio(found.Faster ?? 0)}×)")).LineIn(language),
    ];

    private static IEnumerable<Text> Remarks(Comparison found)
    {
        foreach (var problem in new[] { found.Before.Problem, found.After.Problem, found.Target.Problem }.OfType<Text>().Distinct())
            yield return problem;
        if (found.PlanGone.Count + found.PlanCome.Count > 0 && found.Ratio is not null)
            yield return found.PlanChange;
    }

    private static string Milliseconds(Measurement measured, Language language) => measured.MedianMs is { } median ? $"{Formats.Of(language).Decimal(median, "0.000")} ms" : "-";
}
