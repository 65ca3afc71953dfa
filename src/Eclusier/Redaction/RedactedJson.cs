using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eclusier.Redaction;

/// <summary>For a value that must stay whole as long as it is worked with (it is compared, say) and is written without secrets.</summary>
internal sealed class RedactedJson : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Secrets.Redact(value));
}
