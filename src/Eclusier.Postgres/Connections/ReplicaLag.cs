using System.Diagnostics;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>
/// How far the slowest replica is behind: from positions, not from <c>replay_lag</c>, which says nothing while a replica does not replay. Whoever
/// may not see the others' positions (https://www.postgresql.org/docs/current/predefined-roles.html, pg_monitor) sees no lag.
/// </summary>
internal sealed class ReplicaLag(NpgsqlConnection connection)
{
    /// <summary>Positions of the log, and when they were written: a replica that has not come past one is behind by its age.</summary>
    private readonly Queue<(double Position, long At)> _written = new();

    /// <returns>As exact as this is asked often; null where no replica is to be seen.</returns>
    public async Task<TimeSpan?> LookAsync(CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync(
            """
            select pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, '0/0')::float8,
                   min(pg_wal_lsn_diff(replay_lsn, '0/0'))::float8
            from pg_stat_replication where state = 'streaming'
            """,
            row => (Now: row.IsDBNull(0) ? 0 : row.GetDouble(0), Replayed: row.IsDBNull(1) ? (double?)null : row.GetDouble(1)),
            cancellationToken);
        if (rows[0].Replayed is not { } replayed)
            return null;
        _written.Enqueue((rows[0].Now, Stopwatch.GetTimestamp()));
        while (_written.TryPeek(out var oldest) && oldest.Position <= replayed)
            _written.Dequeue();
        return _written.TryPeek(out var behind) ? Stopwatch.GetElapsedTime(behind.At) : TimeSpan.Zero;
    }
}
