namespace Eclusier.Evidence;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Kind"><c>check</c>, <c>deadlocks</c>, <c>rollbacks</c>, <c>conflicts</c>, <c>temp_files</c>, <c>checksum_failures</c>, <c>invalid_index</c>, <c>long_transaction</c>, <c>blocked</c>, <c>replication_lag</c>, <c>slow_query</c> or <c>unreachable</c>.</param>
/// <param name="Name">Which of its kind: of the check, the index, the session, the query; empty where there is but one.</param>
public sealed record Trouble(string Kind, string Name, Text Said)
{
    /// <summary>How many quiet rounds end what is no state but something that happens: a deadlock a minute is one trouble, not sixty an hour.</summary>
    internal const int QuietRounds = 5;

    private static readonly string[] States = ["check", "invalid_index", "long_transaction", "blocked", "replication_lag", "unreachable"];

    internal string Key => $"{Kind} {Name}";

    /// <summary>It is over when it was not seen for as many rounds.</summary>
    internal int EndsAfter => States.Contains(Kind) ? 1 : QuietRounds;

    /// <summary>A server that is started again is no failure, if it is back in the end.</summary>
    internal bool IsFailure => Kind != "unreachable";
}
