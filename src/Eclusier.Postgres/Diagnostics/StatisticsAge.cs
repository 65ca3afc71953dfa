namespace Eclusier.Postgres.Diagnostics;

/// <summary>Since when the server has counted what happens in this database, at the latest.</summary>
internal sealed record StatisticsAge(DateTimeOffset Since, TimeSpan Age)
{
    /// <summary>
    /// The last reset. A server that has never had one says nothing (PostgreSQL 15 and newer): then the later of its start and the database's creation, which is the time
    /// of a file that nobody writes to, and known to those who may look.
    /// </summary>
    public static async Task<StatisticsAge> ReadAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await context.RowsAsync(
            """
            select s.since, extract(epoch from now() - s.since)::float8
            from (
              select coalesce(
                pg_stat_get_db_stat_reset_time(d.oid),
                greatest(pg_postmaster_start_time(), case when has_function_privilege('pg_stat_file(text, boolean)', 'execute') then (pg_stat_file('base/' || d.oid || '/PG_VERSION', true)).modification end)) as since
              from pg_database d where d.datname = current_database()
            ) s
            """,
            row => new StatisticsAge(new DateTimeOffset(row.GetDateTime(0)), TimeSpan.FromSeconds(row.GetDouble(1))),
            cancellationToken);
        return rows[0];
    }
}
