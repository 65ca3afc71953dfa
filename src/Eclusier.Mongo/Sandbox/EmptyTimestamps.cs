using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox;

/// <summary>An empty timestamp in a document that is inserted or put in another's place becomes the server's time; not inside other documents, and not as <c>_id</c> (manual: BSON Types, Timestamps).</summary>
internal static class EmptyTimestamps
{
    public static BsonDocument Fill(BsonDocument document, TimeProvider time)
    {
        if (!HasOne(document))
            return document;
        var writer = new BsonWriter();
        foreach (var element in document)
            writer.Add(element.Name, IsEmpty(element) ? Now(time) : element.Value);
        return writer.ToDocument();
    }

    public static BsonValue Now(TimeProvider time) => BsonValue.Timestamp(((ulong)time.GetUtcNow().ToUnixTimeSeconds() << 32) | 1);

    /// <summary>Nearly none has: no names are made of bytes.</summary>
    private static bool HasOne(BsonDocument document)
    {
        var reader = new BsonReader(document.Bytes);
        while (reader.Read())
        {
            if (reader.Type == BsonType.Timestamp && IsEmpty(new BsonElement(reader.Name, reader.Value)))
                return true;
        }
        return false;
    }

    private static bool IsEmpty(BsonElement element) => element is { Name: not "_id", Value.Type: BsonType.Timestamp } && element.Value.AsTimestamp == 0;
}
