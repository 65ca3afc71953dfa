using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What rules may know besides the statement.</summary>
public sealed record HazardContext
{
    /// <summary>A table below both limits is scanned or rewritten before anyone notices.</summary>
    private const long SmallBytes = 10 * 1024 * 1024;

    private const long SmallRows = 10_000;

    /// <summary>So many writes that wait at the same time exhaust an application's connections.</summary>
    private const double ManyWrites = 1_000;

    internal HazardContext(PlanFacts plan, IReadOnlyDictionary<string, TableFacts> tables, CatalogFacts catalog) => (Plan, Tables, Catalog) = (plan, tables, catalog);

    /// <summary>Before the first statement of a plan, and nothing known of the target.</summary>
    public static HazardContext Empty
    {
        get
        {
            var tables = new Dictionary<string, TableFacts>(StringComparer.Ordinal);
            return new HazardContext(new PlanFacts(tables, CatalogFacts.None), tables, CatalogFacts.None);
        }
    }

    /// <summary>The target at this point of the plan.</summary>
    internal PlanFacts Plan { get; }

    /// <summary>The target's tables by <c>schema.table</c>; empty when they were not looked at.</summary>
    public IReadOnlyDictionary<string, TableFacts> Tables { get; }

    /// <summary>What else is known of the target; <see cref="CatalogFacts.None"/> when it was not looked at.</summary>
    public CatalogFacts Catalog { get; }

    /// <summary>The migration that the statement belongs to.</summary>
    public MigrationFacts Migration { get; init; } = MigrationFacts.None;

    /// <summary>What the statements before did in the same transaction.</summary>
    internal TransactionFacts Transaction => Plan.Transaction;

    /// <summary>True when the server is known to be older than this major version.</summary>
    public bool IsOlderThan(int version) => Catalog.ServerVersion > 0 && Catalog.ServerVersion < version;

    /// <summary>How the table is called in lists of facts: <c>schema.name</c>, as the search path has it at this point.</summary>
    public string KeyOf(TableName table) => Plan.Names.KeyOf(table);

    /// <summary>The column's type in the target; null when it is not known.</summary>
    public string? TypeOf(TableName table, string column) => Catalog.Types.GetValueOrDefault($"{KeyOf(table)}.{column}");

    /// <summary>The column is NOT NULL, or a valid CHECK proves that it holds no null.</summary>
    public bool IsNeverNull(TableName table, string column) => Plan.Proofs.IsNeverNull(table, column);

    public bool IsPartitioned(TableName table) => Catalog.Partitioned.Contains(KeyOf(table));

    /// <summary>The partition that takes the rows that no other one takes; null when there is none, or nothing is known.</summary>
    public TableName? DefaultPartition(TableName table) =>
        Catalog.Partitions[KeyOf(table)].FirstOrDefault(partition => partition.Default) is { } partition ? new TableName(partition.Schema, partition.Name) : null;

    /// <summary>Where the statement stands in its migration, from 0.</summary>
    public int Position { get; init; }

    /// <summary>Some table is known to have it, in the target or from this migration on.</summary>
    public bool KnowsRowSecurity => Migration.SecuresTables || Tables.Count > 0;

    public bool HasRowSecurity(TableName table) => Facts(table)?.RowSecurity == true;

    /// <summary>
    /// Whether tables of this schema have row security as a rule: most of those that the target has, or, where none is known, one that
    /// the same migration gives it to.
    /// </summary>
    public bool UsesRowSecurity(TableName table)
    {
        if (Tables.Count == 0)
            return Migration.SecuresSchemaOf(table);
        var neighbours = Tables.Values.Where(other => other.Schema == (table.Schema ?? "public")).ToArray();
        return 2 * neighbours.Count(other => other.RowSecurity) > neighbours.Length;
    }

    /// <summary>The plan has made it: empty, and unknown to any client.</summary>
    public bool IsNew(TableName table) => Plan.Names.IsCreated(table);

    public bool IsSmall(TableName table) =>
        Facts(table) is { } facts && facts.TableBytes < SmallBytes && facts.EstimatedRows < SmallRows;

    /// <summary>So many writes come to the table during the work that the application stands still if they wait.</summary>
    public bool IsBusy(TableName table, TableWork work) =>
        Facts(table) is { WritesPerSecond: { } writes } facts && Seconds(facts, work) * writes >= ManyWrites;

    /// <summary>
    /// The table's name, with its size, its writes and the time that the work will take where they are known:
    /// <c>users (2.1 GB, 35 writes/s: about 22 s)</c>.
    /// </summary>
    public Text Describe(TableName table, TableWork work = TableWork.Moment)
    {
        if (Facts(table) is not { } facts)
            return Text.Same(table.ToString());
        var seconds = Seconds(facts, work);
        var writes = work != TableWork.Moment && facts.WritesPerSecond is >= 1 and var rate ? $"{rate:0}" : null;
        return new Text(
            $"{table} ({Size(facts.TableBytes, "bytes", "B")}{(writes is null ? "" : $", {writes} writes/s")}{(seconds >= 1 ? $": about {Duration(seconds)}" : "")})",
            $"{table} ({Size(facts.TableBytes, "octets", "o").Replace('.', ',')}{(writes is null ? "" : $", {writes} écritures/s")}{(seconds >= 1 ? $" : environ {Duration(seconds).Replace('.', ',')}" : "")})");
    }

    /// <summary>A plain disk's pace. A rewrite writes the table, its log and its indexes.</summary>
    private static double Seconds(TableFacts facts, TableWork work) => work switch
    {
        TableWork.Scan => facts.TableBytes / 100e6,
        TableWork.Rewrite => (facts.TableBytes + facts.IndexBytes) / 30e6,
        _ => 0,
    };

    private static string Duration(double seconds) => seconds < 90 ? $"{seconds:0} s" : seconds < 5400 ? $"{seconds / 60:0} min" : $"{seconds / 3600:0.#} h";

    /// <summary>A name without a schema is looked for in the search path, then wherever only one schema has it.</summary>
    private TableFacts? Facts(TableName table)
    {
        if (Tables.TryGetValue(KeyOf(table), out var facts))
            return WithPartitions(facts, KeyOf(table));
        if (table.Schema is not null)
            return null;
        var named = Tables.Values.Where(candidate => candidate.Name == table.Name).Take(2).ToArray();
        return named.Length == 1 ? named[0] : null;
    }

    /// <summary>A partitioned table holds nothing itself: its size is that of its partitions.</summary>
    private TableFacts WithPartitions(TableFacts facts, string key)
    {
        foreach (var partition in Catalog.Partitions[key].Select(partition => $"{partition.Schema}.{partition.Name}"))
        {
            if (!Tables.TryGetValue(partition, out var part))
                continue;
            var whole = WithPartitions(part, partition);
            facts = facts with
            {
                EstimatedRows = Math.Max(0, facts.EstimatedRows) + Math.Max(0, whole.EstimatedRows),
                TableBytes = facts.TableBytes + whole.TableBytes,
                IndexBytes = facts.IndexBytes + whole.IndexBytes,
                RowsWritten = facts.RowsWritten + whole.RowsWritten,
            };
        }

        return facts;
    }

    private static string Size(long bytes, string word, string unit) => bytes switch
    {
        < 1024 => $"{bytes} {word}",
        < 1024 * 1024 => $"{bytes / 1024.0:0.#} k{unit}",
        < 1024L * 1024 * 1024 => $"{bytes / (1024.0 * 1024):0.#} M{unit}",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.#} G{unit}",
    };
}
