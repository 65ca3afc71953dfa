namespace Eclusier.Evidence;

/// <summary>What a statement really did in the rehearsal, to relations that were there before the plan.</summary>
public sealed record StatementTrace
{
    /// <summary>Locks that it took and that were not held before it; the strongest of each relation.</summary>
    public IReadOnlyList<LockTaken> Locks { get; init; } = [];

    /// <summary>Relations that were written into a new file (or emptied by TRUNCATE).</summary>
    public IReadOnlyList<string> Rewritten { get; init; } = [];

    public IReadOnlyList<RowsChanged> Rows { get; init; } = [];

    /// <summary>Relations that are gone.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Bytes of write-ahead log: what replicas and archives must carry.</summary>
    public long WalBytes { get; init; }

    /// <summary>What several pieces of one statement did together.</summary>
    public static StatementTrace Sum(IReadOnlyList<StatementTrace> traces) => new()
    {
        Locks = [.. traces.SelectMany(trace => trace.Locks).Distinct()],
        Rewritten = [.. traces.SelectMany(trace => trace.Rewritten).Distinct(StringComparer.Ordinal)],
        Rows = [.. traces.SelectMany(trace => trace.Rows).GroupBy(rows => rows.Relation, StringComparer.Ordinal)
            .Select(rows => new RowsChanged(rows.Key, rows.Sum(row => row.Inserted), rows.Sum(row => row.Updated), rows.Sum(row => row.Deleted)))],
        Dropped = [.. traces.SelectMany(trace => trace.Dropped).Distinct(StringComparer.Ordinal)],
        WalBytes = traces.Sum(trace => trace.WalBytes),
    };
}

/// <param name="Relation">Without the schema where that is <c>public</c>, as hazards name it.</param>
/// <param name="Mode">As the manual writes it: <c>SHARE ROW EXCLUSIVE</c>.</param>
public sealed record LockTaken(string Relation, string Mode);

public sealed record RowsChanged(string Relation, long Inserted, long Updated, long Deleted);
