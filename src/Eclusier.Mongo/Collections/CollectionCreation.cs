using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Collections;

/// <summary>Makes a collection like another.</summary>
internal static class CollectionCreation
{
    /// <summary>Options that servers list and do not accept: every collection has its index on <c>_id</c> now.</summary>
    private static readonly string[] NotAccepted = ["autoIndexId", "uuid", "temp"];

    /// <summary>Makes the collection, unless it is there.</summary>
    /// <param name="options">What <c>listCollections</c> calls options.</param>
    public static Task RunAsync(MongoCollection collection, BsonDocument options, CopyOptions copy, CancellationToken cancellationToken) => TransientRetry.RunAsync(
        async () =>
        {
            try
            {
                await collection.Database.CreateCollectionAsync(collection.Namespace.Collection, Accepted(options), cancellationToken);
                return true;
            }
            // It was made before the answer was lost, or by another.
            catch (MongoException e) when (e is { Domain: MongoErrorDomain.Server, Code: 48 })
            {
                return false;
            }
        },
        copy,
        cancellationToken);

    private static BsonDocument Accepted(BsonDocument options)
    {
        var writer = new BsonWriter();
        foreach (var (name, value) in options)
        {
            if (!NotAccepted.Contains(name))
                writer.Add(name, value);
        }
        return writer.ToDocument();
    }
}
