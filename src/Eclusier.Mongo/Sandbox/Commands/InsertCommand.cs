using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary><c>insert</c>.</summary>
internal static class InsertCommand
{
    public static BsonDocument Run(CommandContext context)
    {
        var collection = context.Databases.ForWriting(context.Target);
        var results = new WriteResults(context);
        results.ForEach(context.Documents("documents"), document =>
        {
            collection.Insert(Prepare(EmptyTimestamps.Fill(document, context.Time), context.Time));
            results.Changed(1);
        });
        return results.ToReply();
    }

    /// <summary>A copy with <c>_id</c> as its first field: a message's memory must not live on because of one document.</summary>
    /// <exception cref="CommandError">The document is too large, or its <c>_id</c> of a type that cannot be one.</exception>
    public static BsonDocument Prepare(BsonDocument document, TimeProvider time)
    {
        var prepared = HasIdInFront(document) ? new BsonDocument(document.Bytes.ToArray()) : WithIdInFront(document, time);
        if (prepared.Size > BsonDocument.LargestSize)
            throw CommandError.BadValue($"object to insert too large. size in bytes: {prepared.Size}, max size: {BsonDocument.LargestSize}");
        if (prepared["_id"].Type is BsonType.Array or BsonType.Regex or BsonType.Undefined)
            throw new CommandError(53, "InvalidIdField", $"The '_id' value cannot be of type {Query.TypeNames.Of(prepared["_id"].Type)}");
        return prepared;
    }

    private static bool HasIdInFront(BsonDocument document)
    {
        var reader = new BsonReader(document.Bytes);
        return reader.Read() && reader.NameBytes.SequenceEqual("_id"u8);
    }

    private static BsonDocument WithIdInFront(BsonDocument document, TimeProvider time)
    {
        var writer = new BsonWriter().Add("_id", document.TryGet("_id", out var id) ? id : ObjectId.New(time));
        foreach (var (name, value) in document)
        {
            if (name != "_id")
                writer.Add(name, value);
        }
        return writer.ToDocument();
    }
}
