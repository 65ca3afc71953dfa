using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>A line of the journal as it lies on the disk: JSON whose last property is the SHA-256 of all before it.</summary>
internal static class JournalLine
{
    private const int HashLength = 64;

    private const int SuffixLength = 9 + HashLength + 2; // ,"hash":"…"}

    /// <returns>The line, its end included, and its hash.</returns>
    public static (string Line, string Hash) Of(JournalEntry entry)
    {
        var json = EclusierJson.Line(entry);
        var hash = Hash(json);
        return (string.Concat(json.AsSpan(0, json.Length - 1), ",\"hash\":\"", hash, "\"}\n"), hash);
    }

    /// <returns>Null: the line was altered, or is none.</returns>
    public static (JournalEntry Entry, string Hash)? Read(string line)
    {
        if (Json(line) is not { } whole)
            return null;
        try
        {
            return JsonSerializer.Deserialize(whole.Json, EclusierJson.Compact.JournalEntry) is { } entry ? (entry, whole.Hash) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One property alone: the whole line may be large, and to understand all of it costs more than a small migration.</summary>
    /// <param name="path">Names of properties, the outermost first.</param>
    /// <returns>Null: it is not there, is no text, or the line was altered.</returns>
    public static string? Property(string line, params ReadOnlySpan<string> path)
    {
        if (Json(line) is not { } whole)
            return null;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(whole.Json));
        var found = 0;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var fits = reader.CurrentDepth == found + 1 && reader.ValueTextEquals(path[found]);
                reader.Read();
                if (!fits)
                    reader.Skip();
                else if (++found == path.Length)
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    private static (string Json, string Hash)? Json(string line)
    {
        if (line.Length <= SuffixLength)
            return null;
        var (json, hash) = (string.Concat(line.AsSpan(0, line.Length - SuffixLength), "}"), line[^(HashLength + 2)..^2]);
        return Hash(json) == hash ? (json, hash) : null;
    }

    private static string Hash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}
