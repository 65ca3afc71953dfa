using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eclusier.Mongo.Bson;

/// <summary>
/// A value inside other JSON: canonical extended JSON, which keeps its type; a missing one is an empty string; one whose text is not UTF-8, its bytes.
/// </summary>
internal sealed class BsonValueJsonConverter : JsonConverter<BsonValue>
{
    private const string Name = "value";

    public override BsonValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var text = json.RootElement.GetRawText();
        var value = BsonDocument.FromJson($$"""{ "{{Name}}": {{text}} }""")[Name];
        return value.Type == BsonType.Document && BsonJson.Restore(text) is var kept && !kept.Equals(value.AsDocument) ? kept[Name] : value;
    }

    public override void Write(Utf8JsonWriter writer, BsonValue value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.IsMissing ? "\"\"" : Json(value));

    private static string Json(BsonValue value)
    {
        try
        {
            return BsonJson.Write(value);
        }
        catch (FormatException)
        {
            return BsonJson.Keep(BsonDocument.Of((Name, value)));
        }
    }
}

/// <summary>A document inside other JSON: canonical extended JSON, which keeps every type; one whose text is not UTF-8, its bytes.</summary>
internal sealed class BsonDocumentJsonConverter : JsonConverter<BsonDocument>
{
    public override BsonDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return BsonJson.Restore(json.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, BsonDocument value, JsonSerializerOptions options) => writer.WriteRawValue(BsonJson.Keep(value));
}
