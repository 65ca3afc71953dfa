using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Rows that nobody sees any more and vacuum has not taken away.</summary>
internal static class DeadRows
{
    private const long Least = 10_000;
    private const double LeastShare = 0.2;

    public static FindingRule Rule { get; } = new("dead-rows", Risk.Medium, FindAsync)
    {
        Why = new(
            "10 000 dead rows or more, and a fifth of all rows: every scan reads them. Autovacuum should have taken them away: it is off for the table, too slow, or an old transaction still might see them.",
            "10 000 lignes mortes ou plus, et un cinquième des lignes : chaque parcours les lit. Autovacuum aurait dû les enlever : il est désactivé pour la table, trop lent, ou une vieille transaction pourrait encore les voir."),
        Counts = new("dead rows", "lignes mortes"),
        NotOnCopy = new("a copy has none", "une copie n'en a pas"),
        Bad = """
            create table orders (id bigint primary key, total int) with (autovacuum_enabled = false);
            insert into orders select n, n from generate_series(1, 20000) n;
            analyze orders;
            update orders set total = 0 where id <= 15000;
            update orders set total = 1 where id <= 15000;
            analyze orders;
            """,
        Found = "public.orders",
        Good = """
            create table orders (id bigint primary key, total int) with (autovacuum_enabled = false);
            insert into orders select n, n from generate_series(1, 20000) n;
            update orders set total = 0;
            vacuum analyze orders;
            create table small (id bigint primary key, total int) with (autovacuum_enabled = false);
            insert into small select n, n from generate_series(1, 900) n;
            update small set total = 0;
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await context.RowsAsync(
            """
            select t.name, pg_stat_get_dead_tuples(t.oid), pg_stat_get_live_tuples(t.oid), greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)),
                   exists (select from pg_options_to_table(t.reloptions) where option_name = 'autovacuum_enabled' and not option_value::boolean)
            from tables t where t.relkind in ('r', 'm')
            """,
            row => new Table(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : new DateTimeOffset(row.GetDateTime(3)), row.GetBoolean(4)),
            cancellationToken);
        return [.. rows.Where(row => row.Dead >= Least && row.Share >= LeastShare).Select(Tell)];
    }

    private static Finding Tell(Table found)
    {
        var last = found.Vacuumed is { } at ? new Text($"last vacuum {Figures.Day(at)}", $"dernier vacuum {Figures.Day(at)}") : new Text("never vacuumed", "jamais nettoyée par vacuum");
        var off = found.AutovacuumOff ? new Text("; autovacuum is off for it", " ; autovacuum y est désactivé") : Text.Same("");
        return new Finding(
            "dead-rows", Risk.Medium, found.Name,
            new Text(
                $"{Figures.Of(found.Dead)} dead rows beside {Figures.Of(found.Live)} live ones ({Figures.Percent(found.Share)}); {last.En}{off.En}",
                $"{Figures.Of(found.Dead)} lignes mortes à côté de {Figures.Of(found.Live)} vivantes ({Figures.Percent(found.Share)}) ; {last.Fr}{off.Fr}"),
            Text.Same($"vacuum (analyze) {found.Name};{(found.AutovacuumOff ? $" alter table {found.Name} reset (autovacuum_enabled);" : "")}"),
            found.Dead);
    }

    private sealed record Table(string Name, long Dead, long Live, DateTimeOffset? Vacuumed, bool AutovacuumOff)
    {
        public double Share => (double)Dead / Math.Max(1, Dead + Live);
    }
}
