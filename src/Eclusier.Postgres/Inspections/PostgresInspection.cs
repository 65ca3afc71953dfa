using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Inspections;

/// <summary>What a read-only look at a database finds.</summary>
internal static class PostgresInspection
{
    private const double LongTransactionSeconds = 30;

    /// <summary>Meant for a <see cref="Look"/>: even a mistake in here could not write.</summary>
    public static async Task<Inspection> TakeAsync(NpgsqlConnection connection, string target, MigrationSettings settings, CancellationToken cancellationToken)
    {
        var source = new MigrationSource(settings);
        var tracking = await source.ReadTrackingAsync(connection, Files(source), cancellationToken);
        var inspection = await ServerAsync(connection, target, tracking, settings.Layout, cancellationToken);
        return inspection with
        {
            Tables = await TablesAsync(connection, cancellationToken),
            InvalidIndexes = await InvalidIndexesAsync(connection, cancellationToken),
            LongTransactions = await LongTransactionsAsync(connection, cancellationToken),
        };
    }

    /// <summary>What gives rows without versions their names. Files that make no plan are for the plan to refuse: looking goes on without them.</summary>
    private static IReadOnlyList<MigrationFile> Files(MigrationSource source)
    {
        try
        {
            return source.Files();
        }
        catch (EclusierException)
        {
            return [];
        }
    }

    /// <summary>Each table by <c>schema.table</c>.</summary>
    public static async Task<IReadOnlyDictionary<string, TableFacts>> TablesByNameAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await TablesAsync(connection, cancellationToken)).ToDictionary(table => $"{table.Schema}.{table.Name}", StringComparer.Ordinal);

    /// <summary>Ordinary and partitioned tables outside the system's schemas.</summary>
    public static async Task<IReadOnlyList<TableFacts>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The functions of sizes open the table, and would wait for who has locked it: there, the size is the one of the last VACUUM or ANALYZE.
        const string Sql =
            $"""
            with busy as ({LockHolders.BusyRelations}), pages as (
              select c.oid, c.relpages + coalesce(toast.relpages, 0) + coalesce(indexes.toast, 0) as heap, coalesce(indexes.pages, 0) as indexes, c.oid in (table busy) or c.reltoastrelid in (table busy) or coalesce(indexes.busy, false) as busy
              from pg_class c left join pg_class toast on toast.oid = c.reltoastrelid
              left join lateral (select sum(x.relpages) filter (where i.indrelid = c.oid) as pages, sum(x.relpages) filter (where i.indrelid <> c.oid) as toast, bool_or(x.oid in (table busy)) as busy from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid in (c.oid, c.reltoastrelid)) indexes on true
            )
            select n.nspname::text, c.relname::text, c.reltuples::bigint,
                   case when pages.busy then pages.heap::bigint * current_setting('block_size')::bigint else coalesce(pg_table_size(c.oid), 0) end,
                   case when pages.busy then pages.indexes::bigint * current_setting('block_size')::bigint else coalesce(pg_indexes_size(c.oid), 0) end, c.relrowsecurity,
                   (select count(*)::int from pg_policy p where p.polrelid = c.oid),
                   pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid),
                   extract(epoch from now() - coalesce(stats.reset, pg_postmaster_start_time()))::float8
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pages on pages.oid = c.oid,
                 (select pg_stat_get_db_stat_reset_time(oid) as reset from pg_database where datname = current_database()) stats
            where c.relkind in ('r', 'p') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
            order by 1, 2
            """;
        return await connection.RowsAsync(
            Sql,
            row => new TableFacts(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetBoolean(5), row.GetInt32(6))
            {
                RowsWritten = row.GetInt64(7),
                StatisticsSeconds = row.GetDouble(8),
            },
            cancellationToken);
    }

    private static async Task<Inspection> ServerAsync(NpgsqlConnection connection, string target, TrackingTable tracking, string layout, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            select now(), current_setting('server_version'), current_user::text, r.rolsuper, pg_is_in_recovery(), pg_database_size(current_database()), current_setting('default_transaction_read_only') = 'on',
                   (select count(*)::int from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_')
            from pg_roles r where r.rolname = current_user
            """;
        var rows = await connection.RowsAsync(
            Sql,
            row => new Inspection
            {
                TakenAt = new DateTimeOffset(row.GetDateTime(0)),
                Target = target,
                ServerVersion = row.GetString(1),
                User = row.GetString(2),
                Superuser = row.GetBoolean(3),
                InRecovery = row.GetBoolean(4),
                SizeBytes = row.GetInt64(5),
                ReadOnly = row.GetBoolean(6),
                IndexCount = row.GetInt32(7),
                Tables = [],
                InvalidIndexes = [],
                LongTransactions = [],
                Tracking = State(tracking, layout),
            },
            cancellationToken);
        return rows[0];
    }

    private static TrackingState State(TrackingTable tracking, string layout) => new(
        layout,
        tracking.ToString(),
        tracking.Exists,
        tracking.Rows.Count(row => row.Success),
        tracking.Rows.Count(row => !row.Success),
        tracking.Rows.Where(row => row.Success).MaxBy(row => (row.Version.Length, row.Version))?.Version);

    private static Task<IReadOnlyList<string>> InvalidIndexesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.RowsAsync(
        "select format('%I.%I', n.nspname, c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid order by 1",
        row => row.GetString(0),
        cancellationToken);

    /// <summary>Other sessions' transactions on this database that may make a strong lock wait.</summary>
    private static Task<IReadOnlyList<LongTransaction>> LongTransactionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.RowsAsync(
        $"""
        select pid, coalesce(application_name, ''), coalesce(usename, '')::text, coalesce(state, ''), extract(epoch from clock_timestamp() - xact_start)::float8
        from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
          and xact_start < clock_timestamp() - interval '{LongTransactionSeconds} seconds'
        order by xact_start
        """,
        row => new LongTransaction(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), Math.Round(row.GetDouble(4), 1)),
        cancellationToken);
}
