using System.Text.Json;

namespace Eclusier.Postgres.Comparisons;

/// <summary>The nodes of an explained plan, each as the text format of EXPLAIN begins its line.</summary>
internal static class PlanNodes
{
    /// <param name="node">A <c>Plan</c> of EXPLAIN (FORMAT JSON).</param>
    /// <returns>Outermost first.</returns>
    public static IEnumerable<string> Of(JsonElement node)
    {
        yield return Name(node);
        if (!node.TryGetProperty("Plans", out var children))
            yield break;
        foreach (var child in children.EnumerateArray().SelectMany(Of))
            yield return child;
    }

    private static string Name(JsonElement node)
    {
        var kind = Kind(node);
        var parallel = node.TryGetProperty("Parallel Aware", out var aware) && aware.ValueKind == JsonValueKind.True ? "Parallel " : "";
        var index = Text(node, "Index Name") is not { } name ? "" : kind == "Bitmap Index Scan" ? $" on {name}" : $" using {name}";
        var source = Text(node, "Relation Name") ?? Text(node, "Function Name") ?? Text(node, "CTE Name");
        return $"{parallel}{kind}{index}{(source is null ? "" : $" on {source}")}";
    }

    /// <summary>EXPLAIN's JSON has one word for what its text format tells apart.</summary>
    private static string Kind(JsonElement node) => (Text(node, "Node Type"), Text(node, "Strategy"), Text(node, "Join Type")) switch
    {
        ("Aggregate", "Hashed", _) => "HashAggregate",
        ("Aggregate", "Sorted", _) => "GroupAggregate",
        ("Aggregate", "Mixed", _) => "MixedAggregate",
        ("Hash Join", _, { } join and not "Inner") => $"Hash {join} Join",
        ("Merge Join", _, { } join and not "Inner") => $"Merge {join} Join",
        ("Nested Loop", _, { } join and not "Inner") => $"Nested Loop {join} Join",
        ("ModifyTable", _, _) => Text(node, "Operation") ?? "ModifyTable",
        var (type, _, _) => type ?? "?",
    };

    private static string? Text(JsonElement node, string key) => node.TryGetProperty(key, out var value) ? value.GetString() : null;
}
