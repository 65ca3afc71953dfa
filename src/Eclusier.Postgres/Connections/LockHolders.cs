using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>Who holds, or waits for, a lock that keeps even readers away.</summary>
internal static class LockHolders
{
    /// <summary>Relations that a query cannot read now without waiting. One that is waited for counts, too: readers queue behind it.</summary>
    public const string BusyRelations = """
        select l.relation from pg_locks l
        where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
          and l.database = (select d.oid from pg_database d where d.datname = current_database())
        """;

    /// <summary>Each lock's table and holder.</summary>
    public static async Task<Text> DescribeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var holders = await connection.RowsAsync(
            """
            select l.relation::regclass::text, l.granted, coalesce(l.pid, 0), coalesce(a.application_name, ''), coalesce(a.usename, '')::text, coalesce(a.state, ''),
                   coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::float8
            from pg_locks l join pg_class c on c.oid = l.relation left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid() and c.relkind not in ('i', 'I', 't')
              and l.database = (select d.oid from pg_database d where d.datname = current_database())
            order by a.xact_start, 1
            limit 5
            """,
            row => Describe(row.GetString(0), row.GetBoolean(1), row.GetInt32(2), string.Join(", ", new[] { row.GetString(3), row.GetString(4), row.GetString(5) }.Where(part => part.Length > 0)), row.GetDouble(6)),
            cancellationToken);
        return holders.Count == 0 ? new Text("a lock that is gone again", "un verrou disparu entre-temps") : Text.Join(holders);
    }

    /// <returns>The refusal, with each lock's table and holder.</returns>
    public static async Task<EclusierException> RefusalAsync(NpgsqlConnection connection, string where, PostgresException cause, CancellationToken cancellationToken)
    {
        var who = await DescribeAsync(connection, cancellationToken);
        return new UnavailableException(
            new Text($"Looking at the database would have to wait for a lock: {who.En}", $"L'examen de la base devrait attendre un verrou : {who.Fr}"),
            where,
            new Text(
                "Let that transaction end, or end it with select pg_terminate_backend(PID); then run the same command again.",
                "Laissez cette transaction finir, ou terminez-la avec select pg_terminate_backend(PID) ; puis relancez la même commande."),
            cause);
    }

    private static Text Describe(string relation, bool granted, int processId, string who, double age)
    {
        if (processId == 0)
            return new Text($"{relation} is locked by a prepared transaction (see pg_prepared_xacts)", $"{relation} est verrouillée par une transaction préparée (voir pg_prepared_xacts)");
        return granted
            ? new Text($"{relation} is locked (ACCESS EXCLUSIVE) by pid {processId} ({who}; in its transaction for {age:0} s)", $"{relation} est verrouillée (ACCESS EXCLUSIVE) par le pid {processId} ({who} ; dans sa transaction depuis {age:0} s)")
            : new Text($"pid {processId} waits to lock {relation} (ACCESS EXCLUSIVE; {who}), and everybody waits behind it", $"le pid {processId} attend de verrouiller {relation} (ACCESS EXCLUSIVE ; {who}), et tous attendent derrière lui");
    }
}
