namespace Eclusier.Postgres.Sql;

/// <summary>Identifiers in SQL text.</summary>
public static class Identifier
{
    /// <summary>Always quoted, so that a keyword or an upper-case letter needs no thought.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>As <c>quote_ident</c> writes it: in quotes only where the name needs them, so that people recognise their own.</summary>
    public static string QuoteWhereNeeded(string name) => IsPlain(name) && !Keywords.Contains(name) ? name : Quote(name);

    private static bool IsPlain(string name) =>
        name.Length > 0 && (char.IsAsciiLetterLower(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>All but the unreserved ones (<c>pg_get_keywords()</c>), of PostgreSQL 13 to 18.</summary>
    private static readonly HashSet<string> Keywords = new(
        """
        all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate
        collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user
        dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping
        having ilike in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg
        json_query json_scalar json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural
        nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references
        returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat
        trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest
        xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

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
