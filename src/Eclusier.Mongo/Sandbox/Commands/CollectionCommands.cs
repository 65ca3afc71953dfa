using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Query;
using Eclusier.Mongo.Sandbox.Storage;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>Create, list, change, rename and drop collections.</summary>
internal static class CollectionCommands
{
    /// <summary>What belongs to the message, not to the collection.</summary>
    private static readonly string[] NotOptions = ["create", "lsid", "txnNumber", "writeConcern", "comment", "maxTimeMS", "apiVersion", "apiStrict", "autoIndexId"];

    public static BsonDocument Create(CommandContext context)
    {
        var options = new BsonWriter();
        foreach (var (name, value) in context.Body)
        {
            if (!NotOptions.Contains(name) && !name.StartsWith('$'))
                options.Add(name, value);
        }
        if (context.Body.Get("timeseries").IsMissing)
            context.Databases.Create(context.Target, options.ToDocument());
        else
            throw CommandError.NotImplemented("time series");
        return Ok;
    }

    public static BsonDocument List(CommandContext context)
    {
        var matches = Filter.Parse(context.Document("filter") ?? BsonDocument.Empty);
        var collections = context.Databases.In(context.Request.Database).Select(collection => Describe(collection, context.Flag("nameOnly"))).Where(document => matches(document));
        return context.Cursors.Open(context.Request.Reply, new MongoNamespace(context.Request.Database, "$cmd.listCollections"), collections.ToList(), context.CursorBatchSize);
    }

    /// <summary>Sets the options of a collection or view.</summary>
    public static BsonDocument Change(CommandContext context)
    {
        var collection = Existing(context);
        if (!context.Body.Get("index").IsMissing)
            throw CommandError.NotImplemented("collMod of an index");
        string[] changeable = ["validator", "validationLevel", "validationAction", "viewOn", "pipeline"];
        foreach (var (name, value) in context.Body.Where(element => changeable.Contains(element.Name)))
            collection.Options = ArrayOperators.Merged(collection.Options, BsonDocument.Of((name, value)));
        return Ok;
    }

    public static BsonDocument Drop(CommandContext context)
    {
        var collection = Existing(context);
        context.Databases.Drop(collection.Name);
        return BsonDocument.Of(("nIndexesWas", collection.Indexes.Count), ("ns", collection.Name.ToString()), ("ok", 1.0));
    }

    public static BsonDocument Rename(CommandContext context)
    {
        if (context.Request.Database != "admin")
            throw new CommandError(13, "Unauthorized", "renameCollection may only be run against the admin database.");
        var (from, to) = (Parse(context.Body.First().Value), Parse(context.Body["to"]));
        if (from == to)
            throw new CommandError(20, "IllegalOperation", "Can't rename a collection to itself");
        var source = context.Databases.Get(from) ?? throw CommandError.NamespaceNotFound($"Source collection {from} does not exist");
        if (context.Databases.TryGet(to, out _) && !context.Flag("dropTarget"))
            throw CommandError.NamespaceExists("target namespace exists");
        context.Databases.Rename(source, to);
        return Ok;
    }

    public static BsonDocument DropDatabase(CommandContext context)
    {
        foreach (var collection in context.Databases.In(context.Request.Database).ToList())
            context.Databases.Drop(collection.Name);
        return BsonDocument.Of(("dropped", context.Request.Database), ("ok", 1.0));
    }

    private static BsonDocument Ok { get; } = BsonDocument.Of(("ok", 1.0));

    private static StoredCollection Existing(CommandContext context) =>
        context.Databases.Get(context.Target) ?? throw CommandError.NamespaceNotFound($"ns not found: {context.Target}");

    private static MongoNamespace Parse(BsonValue name)
    {
        var text = name.AsString;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && dot + 1 < text.Length
            ? new MongoNamespace(text[..dot], text[(dot + 1)..])
            : throw new CommandError(73, "InvalidNamespace", $"Invalid namespace specified '{text}'");
    }

    private static BsonDocument Describe(StoredCollection collection, bool nameOnly)
    {
        var writer = new BsonWriter().Add("name", collection.Name.Collection).Add("type", collection.IsView ? "view" : "collection");
        if (nameOnly)
            return writer.ToDocument();
        writer.Add("options", collection.Options);
        if (collection.IsView)
            return writer.Add("info", BsonDocument.Of(("readOnly", true))).ToDocument();
        const byte uuid = 4;
        return writer
            .Add("info", BsonDocument.Of(("readOnly", false), ("uuid", BsonValue.Binary(collection.Uuid.ToByteArray(bigEndian: true), uuid))))
            .Add("idIndex", StoredIndex.OfId)
            .ToDocument();
    }
}
