using Eclusier.Catalog;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Catalog;

/// <summary>A collection or view, as <c>listCollections</c> says it.</summary>
/// <param name="Type"><c>collection</c>, <c>view</c> or <c>timeseries</c>.</param>
internal sealed record ListedCollection(string Name, string Type, BsonDocument Options)
{
    public bool IsView => Type == "view";

    public bool HasValidator => Options.Get("validator") is { Type: BsonType.Document } validator && !validator.AsDocument.IsEmpty;
}

/// <summary>Collections, views and indexes with their options: all that a migration of MongoDB can change besides documents.</summary>
internal static class MongoCatalog
{
    /// <summary>By name, without MongoDB's own; those of Eclusier are among them.</summary>
    public static async Task<IReadOnlyList<ListedCollection>> CollectionsAsync(MongoDatabase database, CancellationToken cancellationToken) =>
    [
        .. (await database.ListCollectionsAsync(cancellationToken))
            .Select(found => new ListedCollection(
                found["name"].AsString,
                found.Get("type") is { Type: BsonType.String } type ? type.AsString : "collection",
                found.Get("options") is { Type: BsonType.Document } options ? options.AsDocument : BsonDocument.Empty))
            .Where(found => !OwnCollections.IsSystem(found.Name))
            .OrderBy(found => found.Name, StringComparer.Ordinal),
    ];

    /// <summary>Without what Eclusier keeps there.</summary>
    public static async Task<CatalogSnapshot> SnapshotAsync(MongoDatabase database, CancellationToken cancellationToken)
    {
        var objects = new List<CatalogObject>();
        foreach (var collection in (await CollectionsAsync(database, cancellationToken)).Where(collection => !OwnCollections.IsOurs(collection.Name)))
        {
            objects.Add(new CatalogObject(collection.Type, collection.Name, collection.Options.ToCanonicalJson()) { Local = collection.Name });
            if (collection.IsView)
                continue;
            foreach (var index in await database.Collection(collection.Name).ListIndexesAsync(cancellationToken))
                objects.Add(Index(collection.Name, index));
        }

        return new CatalogSnapshot(objects);
    }

    private static CatalogObject Index(string collection, BsonDocument index)
    {
        var name = index["name"].AsString;
        // The version of its format and the namespace that old servers add say nothing of what it is.
        var definition = new BsonWriter();
        foreach (var field in index.Where(field => field.Name is not ("v" or "ns" or "name")))
            definition.Add(field.Name, field.Value);
        return new CatalogObject("index", $"{collection}.{name}", definition.ToDocument().ToCanonicalJson()) { Parent = collection, Local = name };
    }
}
