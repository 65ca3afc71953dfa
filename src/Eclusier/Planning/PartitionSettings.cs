namespace Eclusier.Planning;

/// <summary>How a table that is in use becomes partitioned: an entry of <c>migrations.partition</c>.</summary>
/// <param name="Table">As the runbook writes it: <c>table</c> or <c>schema.table</c>.</param>
/// <param name="By">The column of type <c>date</c>, <c>timestamp</c> or <c>timestamptz</c> by whose ranges it is partitioned.</param>
/// <param name="Keep">The name, in the same schema, under which the former table stays.</param>
public sealed record PartitionSettings(string Table, string By, PartitionInterval Every, string Keep)
{
    public const int DefaultAhead = 3;

    /// <summary>How many partitions behind the one that holds today are made at once.</summary>
    public int Ahead { get; init; } = DefaultAhead;

    /// <summary>Rows before this day go to the default partition; null: the oldest row has a partition of its own.</summary>
    public DateOnly? From { get; init; }

    public override string ToString() => $"{Table} by {Every.ToString().ToLowerInvariant()} of {By}, {Ahead} ahead, kept as {Keep}{(From is { } from ? $", from {from:yyyy-MM-dd}" : "")}";
}
