using System.IO.Enumeration;
using System.Text.Json.Serialization;
using Eclusier.Catalog;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Evidence;

/// <summary>Where two databases differ.</summary>
/// <param name="Left">What is on the left: an environment, an address without secrets, a file or a folder.</param>
/// <param name="Right">What is on the right.</param>
/// <param name="Objects">By the object that they belong to.</param>
/// <param name="Tracking">What is applied on one side only, or from another file.</param>
public sealed record DatabaseComparison(string Left, string Right, IReadOnlyList<ObjectDifference> Objects, IReadOnlyList<TrackingDifference> Tracking)
{
    /// <summary>What could not be replayed, and is not compared therefore.</summary>
    public IReadOnlyList<UnprovenReplay> Unproven { get; init; } = [];

    /// <summary>Neither objects nor tracking tables differ.</summary>
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
        UnprovenReplay[] unproven = [.. new[] { left.Unproven, right.Unproven }.OfType<UnprovenReplay>()];
        bool IsCompared(CatalogObject found) =>
            !Matches(found, ignore) && !Matches(roots.Of(found), ignore) && (unproven.Length == 0 || !roots.Above(found).Prepend(found).Any(part => Array.Exists(unproven, replay => replay.Holds(part))));
        var (ours, theirs) = (Without(IsCompared, left.Catalog), Without(IsCompared, right.Catalog));
        return new DatabaseComparison(left.Source, right.Source, [.. Compare(ours, theirs, roots)], left.Applied is null || right.Applied is null ? [] : TrackingDifference.Between(left.Applied, right.Applied, settings))
        {
            LeftFingerprint = ours.Fingerprint,
            RightFingerprint = theirs.Fingerprint,
            Unproven = unproven,
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

    private static CatalogSnapshot Without(Func<CatalogObject, bool> isCompared, CatalogSnapshot catalog) => new([.. catalog.Objects.Where(isCompared)]);

    private static bool Matches(CatalogObject found, IReadOnlyList<string> ignore) =>
        ignore.Any(glob => FileSystemName.MatchesSimpleExpression(glob, found.Name, ignoreCase: false) || FileSystemName.MatchesSimpleExpression(glob, found.ToString(), ignoreCase: false));

    /// <summary>The object that stands for itself, to which another belongs in the end.</summary>
    private sealed class Roots(CatalogSnapshot left, CatalogSnapshot right)
    {
        private readonly Dictionary<string, CatalogObject> _parents = left.Objects.Concat(right.Objects).Where(found => !found.IsTrait).DistinctBy(found => found.Name).ToDictionary(found => found.Name, StringComparer.Ordinal);

        public CatalogObject Of(CatalogObject found) => Above(found).LastOrDefault(found);

        /// <summary>What it belongs to, and what that belongs to, and so on.</summary>
        public IEnumerable<CatalogObject> Above(CatalogObject found)
        {
            while (found.Parent is { } parent && _parents.TryGetValue(parent, out var above) && above.Key != found.Key)
                yield return found = above;
        }
    }
}

/// <param name="Kind"><c>table</c>, <c>column</c>, <c>index</c>, <c>grant</c>, …</param>
/// <param name="Of">The object that it belongs to, or itself.</param>
/// <param name="Left">Null: not there.</param>
/// <param name="Right">Null: not there.</param>
public sealed record ObjectDifference(
    string Kind, string Name, string Of, [property: JsonConverter(typeof(RedactedJson))] string? Left, [property: JsonConverter(typeof(RedactedJson))] string? Right)
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
