namespace Eclusier.Mongo.Bson;

/// <summary>Writes canonical extended JSON (specification: MongoDB Extended JSON, version 2). It is read by <see cref="ExtendedJson"/>.</summary>
internal static class BsonJson
{
    /// <summary>Stands for bytes that JSON cannot say.</summary>
    private const string Bytes = "$bson";

    /// <exception cref="FormatException">It is not BSON, its text is not UTF-8, or it has more than 200 levels.</exception>
    public static string Write(BsonDocument document)
    {
        var writer = new BsonJsonWriter(escapesInvalidText: false);
        writer.Document(document.Bytes);
        return writer.ToString();
    }

    /// <inheritdoc cref="Write(BsonDocument)"/>
    public static string Write(BsonValue value)
    {
        var writer = new BsonJsonWriter(escapesInvalidText: false);
        writer.Value(value);
        return writer.ToString();
    }

    /// <summary>For a person: text that is not UTF-8 shows its bytes (<c>\xe9</c>), so that no message fails because of what it is about.</summary>
    public static string Show(BsonDocument document)
    {
        var writer = new BsonJsonWriter(escapesInvalidText: true);
        writer.Document(document.Bytes);
        return writer.ToString();
    }

    /// <inheritdoc cref="Show(BsonDocument)"/>
    public static string Show(BsonValue value)
    {
        var writer = new BsonJsonWriter(escapesInvalidText: true);
        writer.Value(value);
        return writer.ToString();
    }

    /// <summary>To be read again by <see cref="Restore"/>: where JSON cannot say it (an <c>_id</c> that is not UTF-8), as its bytes.</summary>
    public static string Keep(BsonDocument document)
    {
        try
        {
            return Write(document);
        }
        catch (FormatException)
        {
            return Write(BsonDocument.Of((Bytes, BsonValue.Binary(document.Bytes.Span))));
        }
    }

    /// <exception cref="FormatException">This is not what <see cref="Keep"/> wrote.</exception>
    public static BsonDocument Restore(string json)
    {
        var document = ExtendedJson.Read(json);
        return document.Get(Bytes) is { Type: BsonType.Binary } bytes ? new BsonDocument(bytes.AsBinary) : document;
    }
}
