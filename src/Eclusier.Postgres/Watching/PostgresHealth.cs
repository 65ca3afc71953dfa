using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Watching;

/// <summary>What the server's own statistics tell (https://www.postgresql.org/docs/current/monitoring-stats.html).</summary>
/// <param name="ownRollbacks">How many transactions this connection has rolled back so far.</param>
internal sealed class PostgresHealth(NpgsqlConnection connection, string where, Func<long> ownRollbacks) : IServerHealth
{
    private const int ForcedFlush = 15;

    private readonly StatementStatistics _statements = new(connection);
    private readonly ReplicaLag _replicas = new(connection);

    public Task<ServerHealth> LookAsync(CancellationToken cancellationToken) => new ServerGuard(where).RunAsync(new Text("looking at its statistics", "la lecture de ses statistiques"), async () => new ServerHealth
    {
        Counters = await CountersAsync(cancellationToken),
        InvalidIndexes = await InvalidIndexesAsync(cancellationToken),
        Sessions = await SessionsAsync(cancellationToken),
        ReplicationLag = await _replicas.LookAsync(cancellationToken),
        Statements = await _statements.ReadAsync(cancellationToken),
    });

    /// <summary>
    /// A session hands its counts over once in a while: its own rollbacks can be told from the others' only when they all are there. It
    /// does so only when it has counted something of a table, too: so the statement that asks for it reads one.
    /// </summary>
    private async Task<ServerCounters> CountersAsync(CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major >= ForcedFlush)
            await connection.ExecuteAsync("select pg_stat_force_next_flush() from pg_database where datname = current_database()", cancellationToken);
        var own = ownRollbacks();
        return (await connection.RowsAsync(
            """
            select xact_commit, xact_rollback, deadlocks, conflicts, temp_bytes, coalesce(checksum_failures, 0), stats_reset
            from pg_stat_database where datname = current_database()
            """,
            row => new ServerCounters(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                row.IsDBNull(6) ? null : new DateTimeOffset(row.GetDateTime(6)), own),
            cancellationToken))[0];
    }

    /// <summary>An index is invalid, too, while it is being built. Which one that is, others than its owner may not see; who builds, and on which table he holds a lock, they may.</summary>
    private Task<IReadOnlyList<string>> InvalidIndexesAsync(CancellationToken cancellationToken) => connection.RowsAsync(
        """
        select format('%I.%I', n.nspname, c.relname)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        where not i.indisvalid and not exists (select from pg_stat_progress_create_index p join pg_locks l on l.pid = p.pid where l.relation = i.indrelid and l.granted)
        order by 1
        """,
        row => row.GetString(0),
        cancellationToken);

    /// <summary>Since when a lock is waited for is known from PostgreSQL 14 on (pg_locks.waitstart); before that, the statement's beginning stands for it.</summary>
    private Task<IReadOnlyList<WatchedSession>> SessionsAsync(CancellationToken cancellationToken)
    {
        const int WaitStart = 14;
        var since = connection.PostgreSqlVersion.Major >= WaitStart ? "(select min(l.waitstart) from pg_locks l where l.pid = a.pid and not l.granted)" : "null::timestamptz";
        return connection.RowsAsync(
            $"""
            select a.pid, coalesce(a.application_name, ''), coalesce(a.usename, '')::text, coalesce(a.state, ''),
                   extract(epoch from clock_timestamp() - a.xact_start)::float8,
                   case when a.wait_event_type = 'Lock' then extract(epoch from clock_timestamp() - coalesce({since}, a.query_start))::float8 else 0 end,
                   case when a.wait_event_type = 'Lock' then array_to_string(pg_blocking_pids(a.pid), ', ') else '' end
            from pg_stat_activity a
            where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend' and a.xact_start is not null
            order by a.pid
            """,
            row => new WatchedSession(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), Math.Max(0, row.GetDouble(4)), Math.Max(0, row.GetDouble(5)), row.GetString(6)),
            cancellationToken);
    }
}
