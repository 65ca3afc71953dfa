using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Redaction;

namespace Eclusier.Cli.Rendering;

/// <summary>Differences as text: grouped by the object that they belong to; - is left only, + is right only, ~ differs.</summary>
internal static class DiffView
{
    public static string Of(DatabaseComparison comparison, Language language)
    {
        var unproven = Unproven(comparison).Select(said => said.LineIn(language)).ToList();
        if (comparison.Equal && unproven.Count > 0)
            return string.Join('\n', unproven.Prepend(new Text($"{comparison.Left} and {comparison.Right} are equal as far as can be proven.", $"{comparison.Left} et {comparison.Right} sont égales, pour autant que cela se prouve.").LineIn(language)));
        if (comparison.Equal)
            return new Text($"{comparison.Left} and {comparison.Right} are equal.", $"{comparison.Left} et {comparison.Right} sont égales.").LineIn(language);
        var lines = new List<string> { Paint($"- {comparison.Left}", DifferenceSide.LeftOnly), Paint($"+ {comparison.Right}", DifferenceSide.RightOnly) };
        foreach (var group in comparison.Objects.GroupBy(found => found.Of, StringComparer.Ordinal))
        {
            lines.AddRange(["", Visible.Line(group.Key)]);
            lines.AddRange(group.SelectMany(Lines));
        }

        if (comparison.Tracking.Count > 0)
            lines.AddRange(["", new Text("tracking table", "table de suivi").LineIn(language), .. comparison.Tracking.Select(row => Tracked(row).LineIn(language))]);
        if (unproven.Count > 0)
            lines.AddRange(["", .. unproven]);
        lines.AddRange(["", new Text(
            $"{English.Count(comparison.Objects.Count, "object")} and {English.Count(comparison.Tracking.Count, "tracked migration")} differ.",
            $"{French.Count(comparison.Objects.Count, "objet")} et {French.Count(comparison.Tracking.Count, "migration suivie")} diffèrent.").LineIn(language)]);
        return string.Join('\n', lines);
    }

    /// <summary>Marked by a ?: neither equal nor different.</summary>
    private static IEnumerable<Text> Unproven(DatabaseComparison comparison) =>
        from replay in comparison.Unproven
        from said in replay.Steps.Select(step => step.WhyUnproven!).Concat(replay.MissingExtensions.SelectMany(extension => new[] { extension.Said(replay.On), extension.Remedy(replay.On) }))
        select new Text($"? {said.En}", $"? {said.Fr}");

    private static IEnumerable<string> Lines(ObjectDifference found)
    {
        yield return Paint($"  {Sign(found.Difference)} {found.Kind} {Visible.Line(found.Name)}", found.Difference);
        if (found.Difference != DifferenceSide.Different)
            yield break;
        foreach (var line in Secrets.Redact(found.Left!).Split('\n'))
            yield return Paint($"      - {line}", DifferenceSide.LeftOnly);
        foreach (var line in Secrets.Redact(found.Right!).Split('\n'))
            yield return Paint($"      + {line}", DifferenceSide.RightOnly);
    }

    private static Text Tracked(TrackingDifference row)
    {
        var line = $"  {Sign(row.Difference)} {MigrationTitle.Of(row.Migration, row.Name)}".TrimEnd();
        return row.Difference == DifferenceSide.Different ? new Text($"{line}: another checksum", $"{line} : autre somme de contrôle") : Text.Same(line);
    }

    private static char Sign(DifferenceSide side) => side switch { DifferenceSide.LeftOnly => '-', DifferenceSide.RightOnly => '+', _ => '~' };

    /// <summary>This goes to standard output, which may be a file when the terminal is not.</summary>
    private static string Paint(string text, DifferenceSide side) => Console.IsOutputRedirected ? text : side switch
    {
        DifferenceSide.LeftOnly => Colour.Red(text),
        DifferenceSide.RightOnly => Colour.Green(text),
        _ => Colour.Yellow(text),
    };
}
