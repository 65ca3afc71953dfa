using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eclusier.Mongo.Bson;

/// <summary>A value inside other JSON: canonical extended JSON, which keeps its type; a missing one is an empty string.</summary>
internal sealed class BsonValueJsonConverter : JsonConverter<BsonValue>
{
    public override BsonValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return BsonDocument.FromJson($$"""{ "value": {{json.RootElement.GetRawText()}} }""")["value"];
    }

    public override void Write(Utf8JsonWriter writer, BsonValue value, JsonSerializerOptions options) => writer.WriteRawValue(value.IsMissing ? "\"\"" : value.ToString());
}

/// <summary>A document inside other JSON: canonical extended JSON, which keeps every type.</summary>
internal sealed class BsonDocumentJsonConverter : JsonConverter<BsonDocument>
{
    public override BsonDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return BsonDocument.FromJson(json.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, BsonDocument value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToCanonicalJson());
}
