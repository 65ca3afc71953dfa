using System.Text;

namespace Eclusier.Postgres.Connections;

/// <summary>An address as libpq's keywords and values: <c>host=db password='it\'s'</c> (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE).</summary>
internal static class ConnectionText
{
    public static bool Is(string address)
    {
        var word = address.TakeWhile(character => char.IsAsciiLetter(character) || character == '_').Count();
        return word > 0 && address.AsSpan(word).TrimStart().StartsWith("=");
    }

    /// <returns>Null when it is none.</returns>
    public static IReadOnlyList<(string Name, string Value)>? Parse(string text)
    {
        var settings = new List<(string, string)>();
        for (var at = 0; Skip(text, ref at);)
        {
            var start = at;
            while (at < text.Length && text[at] != '=' && !char.IsWhiteSpace(text[at]))
                at++;
            var name = text[start..at];
            if (!Skip(text, ref at) || text[at] != '=' || name.Length == 0)
                return null;
            at++;
            Skip(text, ref at);
            if (Value(text, ref at) is not { } value)
                return null;
            settings.Add((name, value));
        }

        return settings;
    }

    /// <returns>Null: its quote never ends.</returns>
    private static string? Value(string text, ref int at)
    {
        var value = new StringBuilder();
        var quoted = at < text.Length && text[at] == '\'';
        if (quoted)
            at++;
        for (; at < text.Length; at++)
        {
            if (quoted ? text[at] == '\'' : char.IsWhiteSpace(text[at]))
                break;
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }

        if (quoted && at++ >= text.Length)
            return null;
        return value.ToString();
    }

    /// <returns>False at the end.</returns>
    private static bool Skip(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length;
    }
}
