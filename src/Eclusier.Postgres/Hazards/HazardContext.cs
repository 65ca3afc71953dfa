using Eclusier.Inspections;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What rules may know besides the statement.</summary>
/// <param name="Created">Keys of the tables that the plan has created so far: empty, and unknown to any client.</param>
/// <param name="Tables">The target's tables by <c>schema.table</c>; empty when they were not looked at.</param>
public sealed record HazardContext(IReadOnlySet<string> Created, IReadOnlyDictionary<string, TableFacts> Tables)
{
    /// <summary>A table below both limits is scanned or rewritten before anyone notices.</summary>
    private const long SmallBytes = 10 * 1024 * 1024;

    private const long SmallRows = 10_000;

    public static HazardContext Empty { get; } = new(new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, TableFacts>(StringComparer.Ordinal));

    public bool IsNew(TableName table) => Created.Contains(table.Key);

    public bool IsSmall(TableName table) =>
        Facts(table) is { } facts && facts.TableBytes < SmallBytes && facts.EstimatedRows < SmallRows;

    /// <summary>The table's name, with its size where that is known: <c>users (2.1 MB)</c>.</summary>
    public Text Describe(TableName table) =>
        Facts(table) is { } facts
            ? new Text($"{table} ({Size(facts.TableBytes, "bytes", "B")})", $"{table} ({Size(facts.TableBytes, "octets", "o").Replace('.', ',')})")
            : Text.Same(table.ToString());

    /// <summary>A name without a schema is looked for in public, then wherever only one schema has it.</summary>
    private TableFacts? Facts(TableName table)
    {
        if (Tables.TryGetValue(table.Key, out var facts))
            return facts;
        if (table.Schema is not null)
            return null;
        var named = Tables.Values.Where(candidate => candidate.Name == table.Name).Take(2).ToArray();
        return named.Length == 1 ? named[0] : null;
    }

    private static string Size(long bytes, string word, string unit) => bytes switch
    {
        < 1024 => $"{bytes} {word}",
        < 1024 * 1024 => $"{bytes / 1024.0:0.#} k{unit}",
        < 1024L * 1024 * 1024 => $"{bytes / (1024.0 * 1024):0.#} M{unit}",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.#} G{unit}",
    };
}
