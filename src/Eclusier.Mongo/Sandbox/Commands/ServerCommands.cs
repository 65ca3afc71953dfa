using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Storage;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>What the server says about itself and about what it holds.</summary>
internal static class ServerCommands
{
    /// <summary>The version that it behaves like.</summary>
    private const string Version = "6.0.0";

    public static BsonDocument Ok(CommandContext context) => BsonDocument.Of(("ok", 1.0));

    /// <summary><c>modules</c> and <c>standIn</c> tell it from a real one.</summary>
    public static BsonDocument BuildInfo(CommandContext context) => BsonDocument.Of(
        ("version", Version),
        ("gitVersion", "eclusier-stand-in"),
        ("modules", BsonValue.Array(["eclusier-stand-in"])),
        ("standIn", "Eclusier's stand-in for MongoDB: documents in memory, for tests and rehearsals"),
        ("versionArray", BsonValue.Array([6, 0, 0, 0])),
        ("bits", 64),
        ("debug", false),
        ("maxBsonObjectSize", BsonDocument.LargestSize),
        ("ok", 1.0));

    public static BsonDocument ListDatabases(CommandContext context)
    {
        var databases = context.Databases.Names.Select(name => BsonDocument.Of(
            ("name", name),
            ("sizeOnDisk", context.Databases.In(name).Sum(collection => collection.Size)),
            ("empty", false))).ToList();
        var matches = Query.Filter.Parse(context.Document("filter") ?? BsonDocument.Empty);
        return BsonDocument.Of(
            ("databases", BsonValue.Array(databases.Where(database => matches(database)).Select(database => (BsonValue)database))),
            ("totalSize", databases.Sum(database => database["sizeOnDisk"].AsInt64)),
            ("ok", 1.0));
    }

    /// <summary>A collection that is not there is an empty one.</summary>
    public static BsonDocument CollectionStats(CommandContext context)
    {
        var collection = context.Databases.Get(context.Target) ?? new StoredCollection(context.Target, BsonDocument.Empty);
        return BsonDocument.Of(
            ("ns", collection.Name.ToString()),
            ("size", collection.Size),
            ("count", collection.Count),
            ("avgObjSize", collection.Count == 0 ? 0 : collection.Size / collection.Count),
            ("storageSize", collection.Size),
            ("capped", !collection.Options.Get("capped").IsMissing),
            ("nindexes", collection.Indexes.Count),
            ("totalIndexSize", 0L),
            ("totalSize", collection.Size),
            ("indexSizes", BsonDocument.Of([.. collection.Indexes.Select(index => (index.Name, (BsonValue)0L))])),
            ("ok", 1.0));
    }

    public static BsonDocument DatabaseStats(CommandContext context)
    {
        var collections = context.Databases.In(context.Request.Database).ToList();
        var (size, count) = (collections.Sum(collection => collection.Size), collections.Sum(collection => (long)collection.Count));
        return BsonDocument.Of(
            ("db", context.Request.Database),
            ("collections", collections.Count(collection => !collection.IsView)),
            ("views", collections.Count(collection => collection.IsView)),
            ("objects", count),
            ("avgObjSize", count == 0 ? 0.0 : (double)size / count),
            ("dataSize", size),
            ("storageSize", size),
            ("indexes", collections.Sum(collection => collection.Indexes.Count)),
            ("indexSize", 0L),
            ("totalSize", size),
            ("scaleFactor", 1L),
            ("ok", 1.0));
    }

    /// <summary>A session that a client asks for; those that clients make up themselves are as good.</summary>
    public static BsonDocument StartSession(CommandContext context)
    {
        const byte uuid = 4;
        return BsonDocument.Of(
            ("id", BsonDocument.Of(("id", BsonValue.Binary(Guid.NewGuid().ToByteArray(bigEndian: true), uuid)))),
            ("timeoutMinutes", Handshake.SessionMinutes),
            ("ok", 1.0));
    }
}
