namespace Eclusier.Evidence;

/// <summary>The proof that a table lost nothing when it was partitioned, taken before the names were exchanged.</summary>
/// <param name="Table">Qualified.</param>
/// <param name="Kept">The name under which the former table stays; qualified.</param>
/// <param name="Rows">In both.</param>
/// <param name="Hash">Of the rows of both, whatever their order: the sum of a 64-bit hash of each.</param>
/// <param name="Partitions">Those that hold rows.</param>
public sealed record PartitionResult(string Table, string Kept, long Rows, string Hash, IReadOnlyList<PartitionRows> Partitions);

public sealed record PartitionRows(string Name, long Rows);
