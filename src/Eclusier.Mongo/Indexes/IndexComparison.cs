using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Indexes;

/// <summary>Where the indexes of a collection are not those it should have.</summary>
/// <param name="Missing">Names.</param>
/// <param name="Extra">Names.</param>
/// <param name="Different">Names of those that are there with other keys or options.</param>
public sealed record IndexComparison(IReadOnlyList<string> Missing, IReadOnlyList<string> Extra, IReadOnlyList<string> Different)
{
    public bool Equal => Missing.Count + Extra.Count + Different.Count == 0;

    /// <summary>Compares by name; the index on <c>_id</c> is left out.</summary>
    public static IndexComparison Of(IReadOnlyList<BsonDocument> wanted, IReadOnlyList<BsonDocument> present)
    {
        var (ours, theirs) = (ByName(wanted), ByName(present));
        return new IndexComparison(
            [.. ours.Keys.Where(name => !theirs.ContainsKey(name))],
            [.. theirs.Keys.Where(name => !ours.ContainsKey(name))],
            [.. ours.Keys.Where(name => theirs.TryGetValue(name, out var there) && !IndexSpecification.AreSame(ours[name], there))]);
    }

    private static Dictionary<string, BsonDocument> ByName(IReadOnlyList<BsonDocument> indexes) =>
        indexes.Where(index => !IndexSpecification.IsOfId(index)).ToDictionary(index => index["name"].AsString, StringComparer.Ordinal);
}
