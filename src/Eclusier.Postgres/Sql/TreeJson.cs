using System.Text.Json;

namespace Eclusier.Postgres.Sql;

/// <summary>The parser's JSON as a document.</summary>
internal static class TreeJson
{
    /// <summary>Far deeper than anything a rule looks at. A document costs rows times depth to build, so an expression of 50,000 terms must not be as deep as it is long.</summary>
    private const int Deepest = 256;

    /// <returns>Null when it is no JSON.</returns>
    public static JsonElement? Read(byte[] json) => Parsed(json) ?? (Pruned(json) is { } pruned ? Parsed(pruned) : null);

    private static JsonElement? Parsed(byte[] json)
    {
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same document with everything that is too deep emptied; null when it is none.</summary>
    private static byte[]? Pruned(byte[] json)
    {
        try
        {
            return WithoutTooDeep(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] WithoutTooDeep(byte[] json)
    {
        using var kept = new MemoryStream();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var copied = 0;
        while (reader.Read())
        {
            if (reader.CurrentDepth < Deepest - 1 || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                continue;
            var start = (int)reader.TokenStartIndex;
            kept.Write(json.AsSpan(copied, start - copied));
            kept.Write(reader.TokenType == JsonTokenType.StartObject ? "{}"u8 : "[]"u8);
            reader.Skip();
            copied = (int)reader.BytesConsumed;
        }
        kept.Write(json.AsSpan(copied));
        return kept.ToArray();
    }
}
