using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Gives an object its former name and schema back.</summary>
internal static class Renaming
{
    private static readonly HashSet<string> Parts = new(StringComparer.Ordinal) { "trigger", "policy", "rule" };

    private static readonly HashSet<string> Wholes = new(StringComparer.Ordinal)
    {
        "table", "foreign table", "view", "materialized view", "sequence", "index", "function", "procedure", "aggregate", "type", "domain", "schema", "statistics", "publication", "event trigger", "collation", "conversion",
        "text search configuration", "text search dictionary", "text search parser", "text search template", "operator class", "operator family", "operator", "server", "foreign data wrapper", "language", "access method",
    };

    /// <returns>None where it followed something else that was renamed or moved.</returns>
    public static IEnumerable<string> Of(CatalogObject before, CatalogObject after)
    {
        var renamed = before.Local != after.Local && !after.IsTrait;
        if (renamed && after.Kind is "column" && after.Parent is not null)
            yield return $"alter {(after.Definition.StartsWith("alter foreign", StringComparison.Ordinal) ? "foreign table" : "table")} {after.Parent} rename column {after.Local} to {before.Local}";
        else if (renamed && after.Kind is "attribute")
            yield return $"alter type {after.Parent} rename attribute {after.Local} to {before.Local} cascade";
        else if (renamed && after.Kind is "constraint")
            yield return $"alter {(after.Definition.StartsWith("alter domain", StringComparison.Ordinal) ? "domain" : "table")} {after.Parent} rename constraint {after.Local} to {before.Local}";
        else if (renamed && Parts.Contains(after.Kind))
            yield return $"alter {after.Kind} {after.Local} on {after.Parent} rename to {before.Local}";
        if (!Wholes.Contains(after.Kind))
            yield break;
        if (renamed)
            yield return $"alter {after.Kind} {after.Name} rename to {before.Local}";
        // An index is where its table is.
        if (SchemaOf(after) is { } schema && SchemaOf(before) is { } former && schema != former && after.Kind != "index")
            yield return $"alter {after.Kind} {schema}.{before.Local}{after.Name[(schema.Length + 1 + after.Local.Length)..]} set schema {former}";
    }

    /// <summary>The name that has to be free, as long as nothing above it has its former name back.</summary>
    public static string Wanted(CatalogObject before, CatalogObject after) => after.Parent is { } parent && after.Name == $"{parent}.{after.Local}" ? $"{parent}.{before.Local}" : before.Name;

    /// <summary>The object under a name for the time being.</summary>
    public static CatalogObject Aside(CatalogObject found, int number)
    {
        var local = $"eclusier_aside_{number}";
        var start = found.Parent is { } parent && found.Name == $"{parent}.{found.Local}" ? parent.Length + 1 : SchemaOf(found) is { } schema ? schema.Length + 1 : 0;
        return found with { Local = local, Name = $"{found.Name[..start]}{local}{found.Name[Math.Min(found.Name.Length, start + found.Local.Length)..]}" };
    }

    /// <summary>Null where it has none.</summary>
    public static string? SchemaOf(CatalogObject found) =>
        found.Name.IndexOf($".{found.Local}", StringComparison.Ordinal) is var at and > 0 ? found.Name[..at] : null;
}
