using System.Globalization;
using Eclusier.Evidence;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Checks;

/// <summary>Does an answer hold, and how is that said?</summary>
internal static class Expectations
{
    public static bool Holds(Expectation expectation, QueryResult result) =>
        (expectation.EqualTo is not { } wanted || (result.Rows.Count == 1 && result.Rows[0].Count > 0 && Same(wanted, result.Rows[0][0])))
        && (expectation.Rows is not { } rows || result.Rows.Count == rows)
        && (expectation.Contains is not { } text || result.Rows.Any(row => row.Any(cell => cell?.Contains(text, StringComparison.Ordinal) == true)));

    /// <summary>Numbers compare as numbers, booleans in any spelling of YAML or PostgreSQL, all else to the letter.</summary>
    public static bool Same(string wanted, string? found)
    {
        if (found is null)
            return wanted is "null";
        if (Boolean(wanted) is { } wantedBoolean && Boolean(found) is { } foundBoolean)
            return wantedBoolean == foundBoolean;
        return decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var wantedNumber)
            && decimal.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var foundNumber)
                ? wantedNumber == foundNumber
                : wanted == found;
    }

    public static Text Describe(Expectation expectation, string kind)
    {
        var parts = new List<Text>();
        if (expectation.EqualTo is { } value)
            parts.Add(Text.Same(Secrets.Redact(value)));
        if (expectation.Rows is { } rows)
            parts.Add(new Text($"{English.Count(rows, "row")}", $"{French.Count(rows, "ligne")}"));
        if (expectation.Contains is { } text)
            parts.Add(new Text($"contains \"{text}\"", $"contient « {text} »"));
        if (expectation.Status is { } status)
            parts.Add(new Text($"status {status}", $"statut {status}"));
        else if (kind == "http")
            parts.Add(new Text("status 2xx", "statut 2xx"));
        if (expectation.Under is { } limit)
            parts.Add(new Text($"under {limit.TotalMilliseconds:0} ms", $"sous {limit.TotalMilliseconds:0} ms"));
        return parts.Count == 0
            ? new Text("an answer", "une réponse")
            : new Text(string.Join(", ", parts.Select(part => part.En)), string.Join(", ", parts.Select(part => part.Fr)));
    }

    public static Text Summary(Expectation expectation, QueryResult result)
    {
        if (expectation.EqualTo is not null && result.Rows.Count == 1 && result.Rows[0].Count > 0)
            return Text.Same(Secrets.Redact(result.Rows[0][0] ?? "null"));
        return new Text($"{English.Count(result.Rows.Count, "row")}", $"{French.Count(result.Rows.Count, "ligne")}");
    }

    private static bool? Boolean(string text) => text.ToLowerInvariant() switch
    {
        "t" or "true" => true,
        "f" or "false" => false,
        _ => null,
    };
}
