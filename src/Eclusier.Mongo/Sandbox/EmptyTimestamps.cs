using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox;

/// <summary>An empty timestamp in a document that is inserted or put in another's place becomes the server's time; not inside other documents, and not as <c>_id</c> (manual: BSON Types, Timestamps).</summary>
internal static class EmptyTimestamps
{
    public static BsonDocument Fill(BsonDocument document, TimeProvider time)
    {
        if (!document.Any(IsEmpty))
            return document;
        var writer = new BsonWriter();
        foreach (var element in document)
            writer.Add(element.Name, IsEmpty(element) ? Now(time) : element.Value);
        return writer.ToDocument();
    }

    public static BsonValue Now(TimeProvider time) => BsonValue.Timestamp(((ulong)time.GetUtcNow().ToUnixTimeSeconds() << 32) | 1);

    private static bool IsEmpty(BsonElement element) => element is { Name: not "_id", Value.Type: BsonType.Timestamp } && element.Value.AsTimestamp == 0;
}
