using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Plans;

/// <summary>Documents of the target that the source has none for: by <c>_id</c> alone, both read side by side.</summary>
internal static class OnlyInTarget
{
    public static async Task<long> CountAsync(MongoCollection source, BsonDocument filter, MongoCollection target, CancellationToken cancellationToken)
    {
        await using var wanted = Ids(source, filter, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await wanted.MoveNextAsync();
        var count = 0L;
        await foreach (var id in Ids(target, BsonDocument.Empty, cancellationToken))
        {
            while (more && BsonOrder.Instance.Compare(wanted.Current, id) < 0)
                more = await wanted.MoveNextAsync();
            if (!more || BsonOrder.Instance.Compare(wanted.Current, id) > 0)
                count++;
        }

        return count;
    }

    private static async IAsyncEnumerable<BsonValue> Ids(MongoCollection collection, BsonDocument filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new FindOptions { Sort = BsonDocument.Of(("_id", 1)), Projection = BsonDocument.Of(("_id", 1)), BatchSize = 10_000, NoCursorTimeout = true };
        await foreach (var batch in collection.FindAsync(filter, options, cancellationToken))
        {
            foreach (var document in batch)
                yield return document["_id"];
        }
    }
}
