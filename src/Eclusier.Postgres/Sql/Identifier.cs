namespace Eclusier.Postgres.Sql;

/// <summary>Identifiers in SQL text.</summary>
public static class Identifier
{
    /// <summary>Always quoted, so that a keyword or an upper-case letter needs no thought.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The name that is meant by an identifier as SQL is written: <c>Orders</c> is <c>orders</c>, <c>"Orders"</c> is not.</summary>
    public static string NameOf(string written) =>
        written is ['"', .., '"'] ? written[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : written.ToLowerInvariant();
}

/// <summary>String literals in SQL text, for the places where a parameter cannot stand.</summary>
public static class Literal
{
    public static string Quote(string text) =>
        text.Contains('\\', StringComparison.Ordinal)
            ? $"E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
