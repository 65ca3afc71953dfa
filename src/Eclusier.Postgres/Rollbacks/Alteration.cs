using System.Text.RegularExpressions;
using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Gives a changed object its former definition where it is, so that nothing that depends on it has to go.</summary>
internal static partial class Alteration
{
    /// <summary>Setting them again replaces what was set.</summary>
    private static readonly HashSet<string> SetAgain = new(StringComparer.Ordinal)
    {
        "default", "owner", "comment", "security label", "storage", "statistics target", "compression", "replica identity", "clustering", "identity sequence", "storage parameter", "column option",
        "tablespace", "access method", "table type", "trigger state", "rule state", "event trigger state", "published operations", "setting",
    };

    /// <summary>Dropping them and making them again would take their rows along, or is refused while anything uses them.</summary>
    private static readonly HashSet<string> HeldByOthers = new(StringComparer.Ordinal) { "table", "column", "sequence", "type", "domain", "attribute", "extension", "schema", "identity", "database" };

    /// <returns>Null where it has to be removed and made again, or cannot be put back at all.</returns>
    public static string? Of(CatalogObject before, CatalogObject after) => DescribesOnly(before) || DescribesOnly(after) ? null : before.Kind switch
    {
        var kind when SetAgain.Contains(kind) => before.Definition,
        // A parameter's name, a default or the type of the result cannot be replaced.
        "function" or "procedure" => Head(before, "\n LANGUAGE ") == Head(after, "\n LANGUAGE ") ? before.Definition : null,
        "view" => Head(before, " */ as\n") == Head(after, " */ as\n") ? before.Definition : null,
        "sequence" => $"alter{before.Definition["create".Length..]}",
        "column" => Type(before) is { } type && Type(after) is not null ? $"{Head(before, " add column ")} alter column {before.Local} type {type}" : null,
        "identity" => NameOfSequence(before) == NameOfSequence(after) ? Replaced(before with { Definition = Head(before, " as identity (") }, " add generated ", " set generated ") : null,
        "option" => Replaced(before, " options (add ", " options (set "),
        "text search mapping" => Replaced(before, " add mapping for ", " alter mapping for "),
        "extension" => Version(before) == Version(after) ? $"alter extension {before.Name} set schema {SchemaOfExtension().Match(before.Definition).Groups["schema"].Value}" : null,
        "type" => RenamedLabel(before, after),
        _ => null,
    };

    public static bool CanBeMadeAgain(CatalogObject found) => !HeldByOthers.Contains(found.Kind) && !DescribesOnly(found) && found.Removal.Length > 0;

    /// <summary>Its definition is not SQL: nothing can be made from it.</summary>
    public static bool DescribesOnly(CatalogObject found) => found.Definition.StartsWith("--", StringComparison.Ordinal);

    private static string Head(CatalogObject found, string end) => found.Definition.IndexOf(end, StringComparison.Ordinal) is var at and >= 0 ? found.Definition[..at] : found.Definition;

    private static string Replaced(CatalogObject found, string part, string other) =>
        found.Definition.IndexOf(part, StringComparison.Ordinal) is var at and >= 0 ? $"{found.Definition[..at]}{other}{found.Definition[(at + part.Length)..]}" : found.Definition;

    /// <summary>Null where an expression makes the column what it is.</summary>
    private static string? Type(CatalogObject column) =>
        column.Definition.Contains(" generated always as (", StringComparison.Ordinal) ? null : column.Definition[(Head(column, " add column ").Length + $" add column {column.Local} ".Length)..];

    private static string NameOfSequence(CatalogObject identity) => identity.Definition[(identity.Definition.LastIndexOf(" (sequence name ", StringComparison.Ordinal) + 1)..];

    private static string Version(CatalogObject extension) => extension.Definition[(extension.Definition.LastIndexOf(" version ", StringComparison.Ordinal) + 1)..];

    private static string? RenamedLabel(CatalogObject before, CatalogObject after)
    {
        var (was, now) = (Labels(before), Labels(after));
        if (was.Count == 0 || was.Count != now.Count || Head(before, " as enum (") != Head(after, " as enum ("))
            return null;
        var renamed = was.Zip(now).Where(pair => pair.First != pair.Second).ToList();
        // Where names changed places, the order of the commands would matter.
        return renamed.Any(pair => now.Contains(pair.First)) ? null : string.Join("; ", renamed.Select(pair => $"alter type {before.Name} rename value {pair.Second} to {pair.First}"));
    }

    private static List<string> Labels(CatalogObject type) =>
        type.Definition.IndexOf(" as enum (", StringComparison.Ordinal) is var at and >= 0 ? [.. QuotedLabel().Matches(type.Definition[at..]).Select(label => label.Value)] : [];

    [GeneratedRegex("E?'([^']|'')*'", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex QuotedLabel();

    [GeneratedRegex(" with schema (?<schema>.+) version ", RegexOptions.Singleline, 60_000)]
    private static partial Regex SchemaOfExtension();
}
