using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eclusier.Mongo.Collections;

/// <summary>As its text: a number of 128 bits is none in most readers of JSON.</summary>
internal sealed class ContentHashJsonConverter : JsonConverter<ContentHash>
{
    public override ContentHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ContentHash.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ContentHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
