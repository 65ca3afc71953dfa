using Eclusier.Planning;

namespace Eclusier.Cli.Rendering;

/// <summary>What a diagnosis found, the gravest first.</summary>
internal static class FindingsView
{
    public static IEnumerable<string> Of(IReadOnlyList<Finding> findings, Language language)
    {
        if (findings.Count == 0)
        {
            yield return new Text("Diagnostic: nothing found", "Diagnostic : rien à signaler").LineIn(language);
            yield break;
        }

        var severities = findings.GroupBy(found => found.Severity).OrderByDescending(group => group.Key).ToList();
        var counts = string.Join(", ", severities.Select(group => $"{group.Count()} {group.Key.Name().LineIn(language)}"));
        yield return new Text($"Diagnostic: {counts}", $"Diagnostic : {counts}").LineIn(language);
        var rule = findings.Max(found => found.Rule.Length);
        var name = findings.Max(found => Visible.Line(found.Object).Length);
        foreach (var group in severities)
        {
            yield return "";
            yield return group.Key.Name().LineIn(language);
            foreach (var found in group)
            {
                yield return $"  {found.Rule.PadRight(rule)}  {Visible.Line(found.Object).PadRight(name)}  {found.Evidence.LineIn(language)}";
                yield return $"  {"".PadRight(rule)}  -> {found.Remedy.LineIn(language)}";
            }
        }
    }
}
