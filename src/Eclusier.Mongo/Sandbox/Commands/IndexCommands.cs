using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Storage;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>createIndexes</c>, <c>listIndexes</c> and <c>dropIndexes</c>.</summary>
internal static class IndexCommands
{
    public static BsonDocument Create(CommandContext context)
    {
        var created = !context.Databases.TryGet(context.Target, out _);
        var specifications = context.Documents("indexes").Select(Normalize).ToList();
        if (specifications.Count == 0)
            throw CommandError.BadValue("Must specify at least one index to create");
        var collection = context.Databases.ForWriting(context.Target);
        var before = collection.Indexes.Count;
        var added = new List<StoredIndex>();
        try
        {
            foreach (var index in specifications.Where(one => !Exists(collection, one)).Select(one => new StoredIndex(one)))
            {
                collection.AddIndex(index);
                added.Add(index);
            }
        }
        catch (CommandError)
        {
            // All of them, or none.
            added.ForEach(collection.DropIndex);
            if (created)
                context.Databases.Drop(context.Target);
            throw;
        }
        var reply = new BsonWriter().Add("numIndexesBefore", before).Add("numIndexesAfter", collection.Indexes.Count).Add("createdCollectionAutomatically", created);
        if (added.Count == 0)
            reply.Add("note", "all indexes already exist");
        return reply.Add("ok", 1.0).ToDocument();
    }

    public static BsonDocument List(CommandContext context)
    {
        var collection = Existing(context);
        return context.Cursors.Open(context.Request.Reply, context.Target, collection.Indexes.Select(index => index.Specification), context.CursorBatchSize);
    }

    public static BsonDocument Drop(CommandContext context)
    {
        var collection = Existing(context);
        var before = collection.Indexes.Count;
        foreach (var index in Meant(collection, context.Body["index"]).ToList())
        {
            if (index.Name == StoredIndex.IdName)
                throw new CommandError(72, "InvalidOptions", "cannot drop _id index");
            collection.DropIndex(index);
        }
        return BsonDocument.Of(("nIndexesWas", before), ("ok", 1.0));
    }

    private static StoredCollection Existing(CommandContext context) =>
        context.Databases.Get(context.Target) ?? throw CommandError.NamespaceNotFound($"ns does not exist: {context.Target}");

    private static IEnumerable<StoredIndex> Meant(StoredCollection collection, BsonValue which) => which.Type switch
    {
        BsonType.String when which.AsString == "*" => collection.Indexes.Where(index => index.Name != StoredIndex.IdName),
        BsonType.String => [collection.Indexes.FirstOrDefault(index => index.Name == which.AsString) ?? throw NotFound($"index not found with name [{which.AsString}]")],
        BsonType.Array => which.AsDocument.Values().SelectMany(one => Meant(collection, one)),
        BsonType.Document => [collection.Indexes.FirstOrDefault(index => index.Keys.Equals(which.AsDocument)) ?? throw NotFound($"can't find index with key: {which}")],
        _ => throw CommandError.TypeMismatch("index has the wrong type"),
    };

    private static CommandError NotFound(string message) => new(27, "IndexNotFound", message);

    /// <summary>As it is listed later: version, keys and name first, without what only concerned the building.</summary>
    private static BsonDocument Normalize(BsonDocument specification)
    {
        if (specification.Get("key") is not { Type: BsonType.Document } key)
            throw CommandError.FailedToParse("The 'key' field is a required property of an index specification");
        if (specification.Get("name") is not { Type: BsonType.String } name)
            throw CommandError.FailedToParse("The 'name' field is a required property of an index specification");
        if (key.AsDocument.IsEmpty || key.AsDocument.Any(field => !IsDirection(field.Value)))
            throw new CommandError(67, "CannotCreateIndex", $"Values in v:2 index key pattern must be numbers that are not zero, or the name of a kind of index: {key}");
        var writer = new BsonWriter().Add("v", 2).Add("key", key).Add("name", name);
        foreach (var (option, value) in specification)
        {
            if (option is not ("v" or "key" or "name" or "ns" or "background"))
                writer.Add(option, value);
        }
        return writer.ToDocument();
    }

    private static bool IsDirection(BsonValue value) =>
        value.IsNumber ? value.ToDouble() != 0 : value.Type == BsonType.String && value.AsString is "text" or "2d" or "2dsphere" or "hashed";

    /// <summary>Whether the very same index is there.</summary>
    private static bool Exists(StoredCollection collection, BsonDocument specification)
    {
        var wanted = new StoredIndex(specification);
        if (collection.Indexes.FirstOrDefault(index => index.Name == wanted.Name) is { } sameName)
            return ExistsByName(sameName, wanted);
        if (collection.Indexes.FirstOrDefault(index => index.IsLike(wanted)) is not { } sameKeys)
            return false;
        // The index on _id has one name, whatever a client calls it.
        return sameKeys.Name == StoredIndex.IdName
            ? true
            : throw new CommandError(85, "IndexOptionsConflict", $"Index already exists with a different name: {sameKeys.Name}");
    }

    private static bool ExistsByName(StoredIndex there, StoredIndex wanted)
    {
        if (!there.IsLike(wanted))
        {
            throw new CommandError(86, "IndexKeySpecsConflict", "An existing index has the same name as the requested index. When index names are not specified, they are auto generated "
                + $"and can cause conflicts. Please refer to our documentation. Requested index: {wanted.Specification}, existing index: {there.Specification}");
        }
        return BsonOrder.Instance.Equals(Sorted(there), Sorted(wanted))
            ? true
            : throw new CommandError(85, "IndexOptionsConflict", "An equivalent index already exists with the same name but different options. "
                + $"Requested index: {wanted.Specification}, existing index: {there.Specification}");

        static BsonDocument Sorted(StoredIndex index) =>
            BsonDocument.Of([.. index.Specification.OrderBy(element => element.Name, StringComparer.Ordinal).Select(element => (element.Name, element.Value))]);
    }
}
