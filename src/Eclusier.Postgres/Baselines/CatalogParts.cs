using System.Text.RegularExpressions;
using Eclusier.Catalog;

namespace Eclusier.Postgres.Baselines;

/// <summary>Takes apart what several migrations may make together, and leaves out what no migration decides.</summary>
internal static partial class CatalogParts
{
    private const string WithoutRows = " with no data";

    public static CatalogSnapshot Of(CatalogSnapshot catalog) => new([.. catalog.Objects.SelectMany(Parts)]);

    private static IEnumerable<CatalogObject> Parts(CatalogObject found) => found.Kind switch
    {
        // Each label is added by a migration of its own, and one may be missing between two others.
        "type" when Enumeration().Match(found.Definition) is { Success: true } labels =>
            labels.Groups["label"].Captures.Select(label => new CatalogObject("enum label", $"{label.Value} of {found.Name}", $"-- {label.Value}") { Parent = found.Name, Local = label.Value })
                .Prepend(found with { Definition = labels.Groups["type"].Value }),
        // Whether it holds rows is a matter of REFRESH.
        "materialized view" when found.Definition.EndsWith(WithoutRows, StringComparison.Ordinal) => [found with { Definition = found.Definition[..^WithoutRows.Length] }],
        // Its version and what it says of itself are the server's affair.
        "comment" when found.Name.StartsWith("extension ", StringComparison.Ordinal) => [],
        "extension" => [found with { Definition = found.Name }],
        _ => [found],
    };

    [GeneratedRegex("""^(?<type>create type .* as enum )\((?<label>'([^']|'')*')?(, (?<label>'([^']|'')*'))*\)$""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, 60_000)]
    private static partial Regex Enumeration();
}
