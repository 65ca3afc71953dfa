using Eclusier.Inspections;
using Eclusier.Planning;

namespace Eclusier.Cli.Rendering;

/// <summary>What a diagnosis found, the gravest first.</summary>
internal static class FindingsView
{
    public static IEnumerable<string> Of(IReadOnlyList<Finding> findings, Language language)
    {
        if (findings.Count == 0)
        {
            yield return new Text("Diagnostic: nothing found", "Diagnostic : rien à signaler").In(language);
            yield break;
        }

        var severities = findings.GroupBy(found => found.Severity).OrderByDescending(group => group.Key).ToList();
        var counts = string.Join(", ", severities.Select(group => $"{group.Count()} {group.Key.Name().In(language)}"));
        yield return new Text($"Diagnostic: {counts}", $"Diagnostic : {counts}").In(language);
        var rule = findings.Max(found => found.Rule.Length);
        var name = findings.Max(found => found.Object.Length);
        foreach (var group in severities)
        {
            yield return "";
            yield return group.Key.Name().In(language);
            foreach (var found in group)
            {
                yield return $"  {found.Rule.PadRight(rule)}  {found.Object.PadRight(name)}  {found.Evidence.In(language)}";
                yield return $"  {"".PadRight(rule)}  -> {found.Remedy.In(language)}";
            }
        }
    }
}
