using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Indexes;

/// <summary>A key that several documents have, where an index allows it once.</summary>
/// <param name="Ids">The first of them.</param>
public sealed record UniqueViolation(string Index, BsonDocument Key, IReadOnlyList<BsonValue> Ids);

/// <summary>What became of indexes.</summary>
/// <param name="Created">Names.</param>
/// <param name="Present">Names of those that were there.</param>
/// <param name="Violations">One for each index that could not be built because documents are not unique.</param>
public sealed record IndexBuild(IReadOnlyList<string> Created, IReadOnlyList<string> Present, IReadOnlyList<UniqueViolation> Violations)
{
    /// <summary>Builds the indexes that are not there. Can be called again.</summary>
    /// <exception cref="MongoException">The server refuses for another reason than keys that are not unique.</exception>
    public static Task<IndexBuild> RunAsync(MongoCollection collection, IReadOnlyList<BsonDocument> specifications, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");
}

/// <summary>Where the indexes of a collection are not those it should have.</summary>
/// <param name="Missing">Names.</param>
/// <param name="Extra">Names.</param>
/// <param name="Different">Names of those that are there with other keys or options.</param>
public sealed record IndexComparison(IReadOnlyList<string> Missing, IReadOnlyList<string> Extra, IReadOnlyList<string> Different)
{
    public bool Equal => Missing.Count + Extra.Count + Different.Count == 0;

    /// <summary>Compares by name; the index on <c>_id</c> is left out.</summary>
    public static IndexComparison Of(IReadOnlyList<BsonDocument> wanted, IReadOnlyList<BsonDocument> present) => throw new NotSupportedException("Not yet.");
}
