using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Eclusier.Runbooks;

/// <summary>YAML as JSON, in the order as written. What stands in quotes is text; plain words are what YAML 1.2 makes of them.</summary>
internal static class YamlJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="text">A scalar's text, its variables filled in.</param>
    public static string Of(YamlNode yaml, Func<YamlScalarNode, string> text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
            Write(yaml, text, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Null, a <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</summary>
    public static object? Value(YamlScalarNode scalar, string text)
    {
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return text;
        if (text is "" or "~" or "null")
            return null;
        if (text is "true" or "false")
            return text == "true";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : text;
    }

    private static void Write(YamlNode yaml, Func<YamlScalarNode, string> text, Utf8JsonWriter writer)
    {
        switch (yaml)
        {
            case YamlMappingNode mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in mapping.Children)
                {
                    writer.WritePropertyName((key as YamlScalarNode)?.Value ?? "");
                    Write(value, text, writer);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                writer.WriteStartArray();
                foreach (var child in sequence.Children)
                    Write(child, text, writer);
                writer.WriteEndArray();
                break;
            default:
                Write((YamlScalarNode)yaml, text, writer);
                break;
        }
    }

    private static void Write(YamlScalarNode scalar, Func<YamlScalarNode, string> text, Utf8JsonWriter writer)
    {
        switch (Value(scalar, text(scalar)))
        {
            case null: writer.WriteNullValue(); break;
            case bool boolean: writer.WriteBooleanValue(boolean); break;
            case long whole: writer.WriteNumberValue(whole); break;
            // 1.0 stays a double: written as 1, it would become an integer.
            case double number: writer.WriteRawValue(number.ToString(number == Math.Floor(number) && Math.Abs(number) < 1e15 ? "0.0" : "R", CultureInfo.InvariantCulture)); break;
            case var other: writer.WriteStringValue((string)other); break;
        }
    }
}
