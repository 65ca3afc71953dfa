namespace Eclusier.Evidence;

/// <summary>Looks at a server in use, without disturbing it.</summary>
public interface IServerHealth
{
    /// <exception cref="EclusierException">The connection was lost (<see cref="UnavailableException"/>), or the server refuses to tell (<see cref="RefusedException"/>).</exception>
    Task<ServerHealth> LookAsync(CancellationToken cancellationToken);
}

/// <summary>What a server tells about one of its databases at one moment.</summary>
public sealed record ServerHealth
{
    public required ServerCounters Counters { get; init; }

    /// <summary>Qualified names; those that are being built are not among them.</summary>
    public IReadOnlyList<string> InvalidIndexes { get; init; } = [];

    /// <summary>Other sessions that are in a transaction.</summary>
    public IReadOnlyList<WatchedSession> Sessions { get; init; } = [];

    /// <summary>How far the slowest replica is behind; null where there is none, or it is not for us to see.</summary>
    public TimeSpan? ReplicationLag { get; init; }

    /// <summary>Null where the server keeps no statistics of statements.</summary>
    public IReadOnlyList<StatementTimes>? Statements { get; init; }
}

/// <summary>What a server counts from its last reset on.</summary>
/// <param name="TempBytes">Written to temporary files.</param>
/// <param name="OwnRollbacks">Those of <paramref name="Rollbacks"/> that the watch itself caused: its queries end so, that they cannot write.</param>
/// <param name="ResetAt">When the counting began; null: with the database.</param>
public sealed record ServerCounters(long Commits, long Rollbacks, long Deadlocks, long Conflicts, long TempBytes, long ChecksumFailures, DateTimeOffset? ResetAt = null, long OwnRollbacks = 0);

/// <param name="TransactionSeconds">For how long its transaction has been open.</param>
/// <param name="BlockedSeconds">For how long it has been waiting for a lock; zero when it does not.</param>
/// <param name="BlockedBy">Process numbers, in words.</param>
public sealed record WatchedSession(int ProcessId, string Application, string User, string State, double TransactionSeconds, double BlockedSeconds, string BlockedBy)
{
    internal Text Said
    {
        get
        {
            var who = string.Join(", ", new[] { Application, User, State }.Where(part => part.Length > 0));
            return Text.Same(who.Length == 0 ? $"pid {ProcessId}" : $"pid {ProcessId} ({who})");
        }
    }
}

/// <param name="Id">The server's own number of the statement.</param>
/// <param name="Query">Without literals; null where that is not certain.</param>
public sealed record StatementTimes(string Id, string? Query, long Calls, double TotalMs);
