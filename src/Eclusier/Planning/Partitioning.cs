using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>The statements that partition a table in use, each of which can be begun again.</summary>
[JsonConverter(typeof(SnakeCase<PartitionPhase>))]
public enum PartitionPhase
{
    /// <summary>Makes the partitioned table beside the live one, and has every write go to both.</summary>
    Prepare,
    /// <summary>Moves the rows that were there before, in batches.</summary>
    Copy,
    /// <summary>Proves that both hold the same, and exchanges their names under one short lock.</summary>
    Swap,
    /// <summary>Puts the former table back in its place.</summary>
    Undo,
}

/// <summary>What a statement does to turn a table in use into a partitioned one, or back.</summary>
/// <param name="Table">As SQL wants it.</param>
/// <param name="Phase">One of three, or the way back.</param>
public sealed record Partitioning(string Table, PartitionPhase Phase)
{
    /// <summary>Null until the runbook was asked.</summary>
    [JsonIgnore]
    public PartitionSettings? Settings { get; init; }
}
