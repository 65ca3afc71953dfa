using System.Diagnostics;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>Lets a backfill wait while a replica is too far behind, or while the runbook's own query says so.</summary>
internal sealed class Throttle(NpgsqlConnection connection, Policy policy, string migration, Action<Text>? tell)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Positions of the log, and when they were written: a replica that has not come past one is behind by its age.</summary>
    private readonly Queue<(double Position, long At)> _written = new();

    private long _looked;

    /// <summary>Returns when nothing is in the way. Looks once a second; call it outside any transaction.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        if (_looked != 0 && Stopwatch.GetElapsedTime(_looked) < Pace)
            return;
        for (var told = false; await ReasonAsync() is { } reason; told = true)
        {
            if (!told)
                tell?.Invoke(new Text($"{migration}: the backfill waits: {reason.En}", $"{migration} : le remplissage attend : {reason.Fr}"));
            await Task.Delay(Pace, stop);
        }

        _looked = Stopwatch.GetTimestamp();
    }

    private async Task<Text?> ReasonAsync()
    {
        if (await LagAsync() is { } lag && lag > policy.MaxReplicationLag)
            return new Text($"a replica is {lag.TotalSeconds:0} s behind", $"une réplique a {lag.TotalSeconds:0} s de retard");
        return policy.PauseWhile is { } sql && await PausesAsync(sql) ? new Text("policy.pause_while says so", "policy.pause_while le demande") : null;
    }

    /// <summary>
    /// From positions, not from <c>replay_lag</c>, which says nothing while a replica does not replay. Whoever may not see the others'
    /// positions (https://www.postgresql.org/docs/current/predefined-roles.html, pg_monitor) sees no lag.
    /// </summary>
    private async Task<TimeSpan?> LagAsync()
    {
        var rows = await connection.RowsAsync(
            "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, min(pg_wal_lsn_diff(replay_lsn, '0/0'))::float8 from pg_stat_replication where state = 'streaming'",
            row => (Now: row.GetDouble(0), Replayed: row.IsDBNull(1) ? (double?)null : row.GetDouble(1)),
            CancellationToken.None);
        if (rows[0].Replayed is not { } replayed)
            return null;
        _written.Enqueue((rows[0].Now, Stopwatch.GetTimestamp()));
        while (_written.TryPeek(out var oldest) && oldest.Position <= replayed)
            _written.Dequeue();
        return _written.TryPeek(out var behind) ? Stopwatch.GetElapsedTime(behind.At) : TimeSpan.Zero;
    }

    private async Task<bool> PausesAsync(string sql)
    {
        var answer = await ReadOnlyQuery.RunAsync(connection, sql, "policy.pause_while", CancellationToken.None);
        return answer.Rows is [[{ } value, ..], ..] && value is not ("f" or "0" or "");
    }
}
