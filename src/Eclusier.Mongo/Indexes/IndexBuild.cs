using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Indexes;

/// <summary>A key that several documents have, where an index allows it once.</summary>
/// <param name="Key">Fields and values, as the server said them.</param>
/// <param name="Ids">The first of the documents.</param>
public sealed record UniqueViolation(string Index, BsonDocument Key, IReadOnlyList<BsonValue> Ids);

/// <summary>What became of indexes.</summary>
/// <param name="Created">Names.</param>
/// <param name="Present">Names of those that were there.</param>
/// <param name="Violations">One for each index that could not be built because documents are not unique.</param>
public sealed record IndexBuild(IReadOnlyList<string> Created, IReadOnlyList<string> Present, IReadOnlyList<UniqueViolation> Violations)
{
    private const int DuplicateKey = 11000;

    /// <summary>Documents that are named for one key.</summary>
    private const int LargestList = 10;

    /// <summary>Builds the indexes that are not there. Can be called again. A build takes as long as the connection's socket timeout allows.</summary>
    /// <exception cref="MongoException">The server refuses for another reason than keys that are not unique.</exception>
    public static async Task<IndexBuild> RunAsync(
        MongoCollection collection, IReadOnlyList<BsonDocument> specifications, CopyOptions options, CancellationToken cancellationToken)
    {
        var there = await TransientRetry.RunAsync(() => collection.ListIndexesAsync(cancellationToken), options, cancellationToken);
        var present = specifications.Where(one => there.Any(index => IndexSpecification.AreSame(index, one))).ToList();
        var missing = specifications.Except(present).ToList();
        // Together they are built in one pass over the documents; when one of them cannot be, none is.
        if (missing.Count == 0 || await TryAsync(collection, missing, options, cancellationToken) is null)
            return new IndexBuild(Names(missing), Names(present), []);
        var (created, violations) = (new List<BsonDocument>(), new List<UniqueViolation>());
        foreach (var index in missing)
        {
            if (await TryAsync(collection, [index], options, cancellationToken) is { } refusal)
                violations.Add(await ViolationAsync(collection, index, refusal, cancellationToken));
            else
                created.Add(index);
        }
        return new IndexBuild(Names(created), Names(present), violations);
    }

    private static List<string> Names(IEnumerable<BsonDocument> indexes) => [.. indexes.Select(index => index["name"].AsString)];

    /// <returns>The refusal; null when they were built.</returns>
    private static Task<MongoException?> TryAsync(
        MongoCollection collection, IReadOnlyList<BsonDocument> indexes, CopyOptions options, CancellationToken cancellationToken) => TransientRetry.RunAsync<MongoException?>(
        async () =>
        {
            try
            {
                await collection.CreateIndexesAsync(indexes, cancellationToken);
                return null;
            }
            catch (MongoException e) when (e is { Domain: MongoErrorDomain.Server, Code: DuplicateKey })
            {
                return e;
            }
        },
        options,
        cancellationToken);

    private static async Task<UniqueViolation> ViolationAsync(MongoCollection collection, BsonDocument index, MongoException refusal, CancellationToken cancellationToken)
    {
        var name = index["name"].AsString;
        if (refusal.Reply?.Get("keyValue") is not { Type: BsonType.Document } value)
            return new UniqueViolation(name, BsonDocument.Empty, []);
        var key = value.AsDocument;
        var conditions = key.Select(field => (BsonValue)BsonDocument.Of((field.Name, BsonDocument.Of(("$eq", field.Value)))));
        if (index.Get("partialFilterExpression") is { Type: BsonType.Document } partial)
            conditions = conditions.Append(partial);
        var settings = new FindOptions
        {
            Projection = BsonDocument.Of(("_id", 1)),
            Limit = LargestList,
            Collation = index.Get("collation") is { Type: BsonType.Document } collation ? collation.AsDocument : null,
        };
        var ids = new List<BsonValue>();
        await foreach (var batch in collection.FindAsync(BsonDocument.Of(("$and", BsonValue.Array(conditions))), settings, cancellationToken))
            ids.AddRange(batch.Select(document => document["_id"].Copy()));
        return new UniqueViolation(name, key, ids);
    }
}
