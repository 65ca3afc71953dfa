using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver;

/// <summary>
/// What tells a database from another of its address: the replica set's name, and the uuids of its collections. A uuid is given when a collection is made, and kept when
/// it is renamed: two states of one database have one in common, be it that of our own collection; what was dropped and made anew has none.
/// </summary>
internal static class MongoIdentity
{
    public static async Task<DatabaseIdentity> OfAsync(MongoClient client, MongoDatabase database, CancellationToken cancellationToken)
    {
        var hello = await client.RunCommandAsync("admin", BsonDocument.Of(("hello", 1)), cancellationToken);
        var collections = await database.ListCollectionsAsync(cancellationToken);
        return new DatabaseIdentity
        {
            Server = hello.Get("setName") is { Type: BsonType.String } name ? name.AsString : "",
            Marks = [.. collections.Select(Uuid).OfType<string>().Order(StringComparer.Ordinal)],
        };
    }

    private static string? Uuid(BsonDocument description) =>
        description.Get("info") is { Type: BsonType.Document } info && info.AsDocument.Get("uuid") is { Type: BsonType.Binary } uuid ? Convert.ToHexStringLower(uuid.AsBinary.Span) : null;
}
