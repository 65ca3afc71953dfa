using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Tables that the planner knows nothing, or nothing recent, about.</summary>
internal static class StaleStatistics
{
    /// <summary>A smaller table has a plan that cannot be far wrong.</summary>
    private const long LeastBytes = 128 << 10;

    private const long LeastChanges = 10_000;
    private const double LeastShare = 0.5;

    public static FindingRule Rule { get; } = new("stale-statistics", Risk.Medium, FindAsync)
    {
        Why = new(
            "The planner guesses: the table (128 kB or more) was never analyzed, or 10 000 rows and half of the table have changed since it was. Autovacuum analyzes after a tenth; it is off, or has not come round yet.",
            "Le planificateur devine : la table (128 ko ou plus) n'a jamais été analysée, ou 10 000 lignes et la moitié de la table ont changé depuis. Autovacuum analyse après un dixième ; il est désactivé, ou n'est pas encore passé."),
        NotOnCopy = new("a copy is analyzed anew, or not at all", "une copie est analysée à neuf, ou pas du tout"),
        Bad = """
            create table orders (id bigint primary key, status text) with (autovacuum_enabled = false);
            insert into orders select n, 'open' from generate_series(1, 9000) n;
            """,
        Found = "public.orders",
        Good = """
            create table orders (id bigint primary key, status text) with (autovacuum_enabled = false);
            insert into orders select n, 'open' from generate_series(1, 30000) n;
            analyze orders;
            update orders set status = 'paid' where id <= 9000;
            create table small (id bigint primary key);
            insert into small select generate_series(1, 100);
            create table none (id bigint primary key);
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await context.RowsAsync(
            // pg_stats shows a user the columns that he may read: of others nothing is known here.
            """
            select t.name, pg_relation_size(t.oid), greatest(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid)),
                   exists (select from pg_stats s where s.schemaname = t.nspname and s.tablename = t.relname), pg_stat_get_mod_since_analyze(t.oid), pg_stat_get_live_tuples(t.oid),
                   pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid) + pg_stat_get_tuples_deleted(t.oid), t.relpages::bigint * current_setting('block_size')::bigint
            from tables t
            where t.relkind in ('r', 'm') and has_table_privilege(t.oid, 'select') and (not t.relrowsecurity or not row_security_active(t.oid))
              and exists (select from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped)
            """,
            row => new Table(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : new DateTimeOffset(row.GetDateTime(2)), row.GetBoolean(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)),
            cancellationToken);
        return [.. rows.Where(row => row.NeverAnalyzed || row.Stale).Select(Tell)];
    }

    private static Finding Tell(Table found) => new(
        "stale-statistics", Risk.Medium, found.Name,
        found.NeverAnalyzed
            ? new Text($"never analyzed; it has {Figures.Bytes(found.Bytes)}", $"jamais analysée ; elle a {Formats.Of(Language.Fr).Bytes(found.Bytes)}")
            : new Text(
                $"{Figures.Of(found.Changes)} rows changed since it was analyzed{When(found, " on ")}, of {Figures.Of(found.Live)}",
                $"{Figures.Of(found.Changes)} lignes modifiées depuis son analyse{When(found, " du ")}, sur {Figures.Of(found.Live)}"),
        Text.Same($"analyze {found.Name};"));

    private static string When(Table found, string word) => found.Analyzed is { } at ? word + Figures.Day(at) : "";

    /// <param name="Changes">Rows inserted, updated and deleted since it was analyzed, as the server counts.</param>
    /// <param name="AllChanges">The same since the statistics began.</param>
    /// <param name="AnalyzedBytes">Its size when it was analyzed or vacuumed.</param>
    private sealed record Table(string Name, long Bytes, DateTimeOffset? Analyzed, bool HasStatistics, long Changes, long Live, long AllChanges, long AnalyzedBytes)
    {
        public bool NeverAnalyzed => Analyzed is null && !HasStatistics && Bytes >= LeastBytes;

        public bool Stale => !NeverAnalyzed && Changes >= LeastChanges && Changes >= Live * LeastShare && !SawThem;

        /// <summary>
        /// A session that loads a table and analyzes it within a second tells the server of its rows only afterwards, and they count as later ones: then all changes ever
        /// are later ones, and yet the table is as large as it was analyzed.
        /// </summary>
        private bool SawThem => Analyzed is not null && Changes == AllChanges && Bytes == AnalyzedBytes;
    }
}
