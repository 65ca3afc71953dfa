using System.Text.RegularExpressions;
using Eclusier.Catalog;

namespace Eclusier.Baselines;

/// <summary>
/// The server numbers names that nobody chose (<c>t_x_check</c>, <c>t_x_check1</c>): which object has which one says only which came first. Where a history
/// makes several of one stem, an object counts as the one that it is by what it does, whatever its number.
/// </summary>
internal static partial class AutomaticNames
{
    /// <summary>The database, with the numbers that the history would have given.</summary>
    public static CatalogSnapshot AsIn(IReadOnlyList<Trail> trails, CatalogSnapshot database)
    {
        var families = trails.Where(trail => Family(trail.Named) is not null).GroupBy(trail => Family(trail.Named)).Where(family => family.Count() > 1).ToList();
        if (families.Count == 0)
            return database;
        var present = database.Objects.Where(found => Family(found) is not null).ToLookup(Family);
        var counted = families.SelectMany(family => Counted([.. family], [.. present[family.Key]])).ToDictionary(pair => pair.Found.Key, pair => pair.As);
        return counted.Count == 0 ? database : new CatalogSnapshot([.. database.Objects.Select(found => counted.GetValueOrDefault(found.Key, found))]);
    }

    /// <summary>Those that are others of their family, each as the one that it is; one that gave up its number for it takes that one's.</summary>
    private static IEnumerable<(CatalogObject Found, CatalogObject As)> Counted(List<Trail> family, List<CatalogObject> present)
    {
        bool IsOne(CatalogObject found, Trail trail) => trail.Definitions.Any(definition => Nameless(definition, trail.Named) == Nameless(found.Definition, found));
        var open = family.Where(trail => !present.Any(found => found.Key == trail.Named.Key && IsOne(found, trail))).ToList();
        foreach (var found in present.Where(found => !family.Any(trail => found.Key == trail.Named.Key && IsOne(found, trail))))
        {
            if (open.FirstOrDefault(trail => IsOne(found, trail)) is not { } meant)
                continue;
            open.Remove(meant);
            yield return (found, meant.Named with { Definition = found.Definition.Replace(found.Local, meant.Named.Local, StringComparison.Ordinal), Id = found.Id });
        }
    }

    private static string Nameless(string definition, CatalogObject named) => definition.Replace(named.Local, "", StringComparison.Ordinal);

    /// <summary>Kind, table and name without its number; null: somebody chose the name.</summary>
    private static (string, string?, string)? Family(CatalogObject found) =>
        Automatic().Match(found.Local) is { Success: true } name ? (found.Kind, found.Parent, name.Groups["stem"].Value) : null;

    [GeneratedRegex("""^(?<stem>"?.+_(check|idx|key|fkey|excl|not_null))[0-9]*"?$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 60_000)]
    private static partial Regex Automatic();
}
