using System.IO.Enumeration;
using System.Text.Json.Serialization;
using Eclusier.Runbooks;

namespace Eclusier.Catalog;

/// <summary>Where two databases differ.</summary>
/// <param name="Objects">By the object that they belong to.</param>
/// <param name="Tracking">What is applied on one side only, or from another file.</param>
public sealed record DatabaseComparison(string Left, string Right, IReadOnlyList<ObjectDifference> Objects, IReadOnlyList<TrackingDifference> Tracking)
{
    public bool Equal => Objects.Count + Tracking.Count == 0;

    /// <summary>Of what was compared: without what is ignored.</summary>
    public string LeftFingerprint { get; init; } = "";

    public string RightFingerprint { get; init; } = "";

    /// <summary>Without the definitions, for where nothing of what people write into them belongs.</summary>
    public DatabaseComparison Sealed() => this with { Objects = [.. Objects.Select(found => found.Sealed())] };

    /// <param name="ignore">Globs over names (<c>public.tmp_*</c>) or kinds with names (<c>grant *</c>); what belongs to an ignored object is ignored, too.</param>
    /// <param name="settings">What the runbook skips, and what stands for what, is no difference between tracking tables.</param>
    public static DatabaseComparison Of(DatabaseSnapshot left, DatabaseSnapshot right, IReadOnlyList<string> ignore, MigrationSettings? settings = null)
    {
        var roots = new Roots(left.Catalog, right.Catalog);
        var (ours, theirs) = (Without(ignore, left.Catalog, roots), Without(ignore, right.Catalog, roots));
        return new DatabaseComparison(left.Source, right.Source, [.. Compare(ours, theirs, roots)], left.Applied is null || right.Applied is null ? [] : TrackingDifference.Between(left.Applied, right.Applied, settings))
        {
            LeftFingerprint = ours.Fingerprint,
            RightFingerprint = theirs.Fingerprint,
        };
    }

    private static IEnumerable<ObjectDifference> Compare(CatalogSnapshot left, CatalogSnapshot right, Roots roots) =>
        from found in left.Objects.Concat(right.Objects).DistinctBy(found => found.Key)
        let pair = (Left: left.Find(found), Right: right.Find(found))
        where pair.Left?.Definition != pair.Right?.Definition
        let root = roots.Of(found)
        // What belongs to a table that one side lacks is not worth a line of its own.
        where root.Key == found.Key || (left.Find(root) is not null && right.Find(root) is not null)
        orderby root.Name, root.Key == found.Key ? 0 : 1, found.Kind, found.Name
        select new ObjectDifference(found.Kind, found.Name, root.Name, pair.Left?.Definition, pair.Right?.Definition);

    private static CatalogSnapshot Without(IReadOnlyList<string> ignore, CatalogSnapshot catalog, Roots roots) =>
        ignore.Count == 0 ? catalog : new CatalogSnapshot([.. catalog.Objects.Where(found => !Matches(found, ignore) && !Matches(roots.Of(found), ignore))]);

    private static bool Matches(CatalogObject found, IReadOnlyList<string> ignore) =>
        ignore.Any(glob => FileSystemName.MatchesSimpleExpression(glob, found.Name, ignoreCase: false) || FileSystemName.MatchesSimpleExpression(glob, found.ToString(), ignoreCase: false));

    /// <summary>The object that stands for itself, to which another belongs in the end.</summary>
    private sealed class Roots(CatalogSnapshot left, CatalogSnapshot right)
    {
        private readonly Dictionary<string, CatalogObject> _parents = left.Objects.Concat(right.Objects).Where(found => !found.IsTrait).DistinctBy(found => found.Name).ToDictionary(found => found.Name, StringComparer.Ordinal);

        public CatalogObject Of(CatalogObject found)
        {
            while (found.Parent is { } parent && _parents.TryGetValue(parent, out var above) && above.Key != found.Key)
                found = above;
            return found;
        }
    }
}

/// <param name="Of">The object that it belongs to, or itself.</param>
/// <param name="Left">Null: not there.</param>
/// <param name="Right">Null: not there.</param>
public sealed record ObjectDifference(string Kind, string Name, string Of, string? Left, string? Right)
{
    /// <summary>Hashes in the place of the definitions.</summary>
    public ObjectDifference Sealed() => this with { Left = Left is null ? null : CatalogObject.SealOf(Left), Right = Right is null ? null : CatalogObject.SealOf(Right) };

    public DifferenceSide Difference => Left is null ? DifferenceSide.RightOnly : Right is null ? DifferenceSide.LeftOnly : DifferenceSide.Different;
}

[JsonConverter(typeof(SnakeCase<DifferenceSide>))]
public enum DifferenceSide
{
    LeftOnly,
    RightOnly,
    Different,
}
