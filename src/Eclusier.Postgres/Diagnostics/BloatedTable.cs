using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A table that takes far more room than its rows need.</summary>
internal static class BloatedTable
{
    /// <summary>Below it the space is not worth anybody's time.</summary>
    private const long LeastBytes = 10L << 20;

    /// <summary>The estimate is off by a fifth easily.</summary>
    private const double LeastShare = 0.5;

    public static FindingRule Rule { get; } = new("bloated-table", Risk.Low, FindAsync)
    {
        Why = new(
            "Half of the table or more is estimated to be empty space, 10 MB or more: reads go through it all. An estimate from the statistics (width of the columns, share of nulls, number of rows), as check_postgres and pgstattuple's users know it; where a column has none, nothing is said. VACUUM makes the space usable again, VACUUM FULL or pg_repack gives it back.",
            "La moitié de la table ou plus serait de l'espace vide, 10 Mo ou plus : les lectures le parcourent. Une estimation d'après les statistiques (largeur des colonnes, part de nulls, nombre de lignes), comme celle de check_postgres ; là où une colonne n'en a pas, rien n'est dit. VACUUM rend l'espace utilisable, VACUUM FULL ou pg_repack le libère."),
        NotOnCopy = new("a copy is written anew and has no bloat", "une copie est écrite à neuf et n'a pas d'espace perdu"),
        Bad = """
            create table orders (id bigint primary key, note text) with (autovacuum_enabled = false);
            insert into orders select n, repeat('x', 100) from generate_series(1, 150000) n;
            delete from orders where id % 5 <> 0;
            vacuum analyze orders;
            """,
        Found = "public.orders",
        Good = """
            create table orders (id bigint primary key, note text, paid boolean, at timestamptz) with (autovacuum_enabled = false);
            insert into orders select n, repeat('x', n % 200), case when n % 3 = 0 then true end, now() from generate_series(1, 150000) n;
            create table small (id bigint primary key, note text) with (autovacuum_enabled = false);
            insert into small select n, repeat('x', 100) from generate_series(1, 20000) n;
            delete from small where id % 5 <> 0;
            vacuum analyze orders;
            vacuum analyze small;
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await TablesAsync(context, cancellationToken);
        return [.. rows.Where(row => row.Pages > row.Needed && row.Wasted >= LeastBytes && row.Share >= LeastShare).Select(Tell)];
    }

    private static Finding Tell(Estimate found) => new(
        "bloated-table", Risk.Low, found.Table,
        new Text(
            $"about {Figures.Bytes(found.Wasted)} of {Figures.Bytes(found.Pages * found.PageBytes)} ({Figures.Percent(found.Share)}) is empty space: an estimate from the statistics",
            $"environ {Formats.Of(Language.Fr).Bytes(found.Wasted)} sur {Formats.Of(Language.Fr).Bytes(found.Pages * found.PageBytes)} ({Figures.Percent(found.Share)}) d'espace vide : une estimation d'après les statistiques"),
        new Text($"vacuum (analyze) {found.Table}; new rows fill the space. To give it back: pg_repack, or VACUUM FULL while nobody uses the table.", $"vacuum (analyze) {found.Table}; les nouvelles lignes rempliront l'espace. Pour le libérer : pg_repack, ou VACUUM FULL pendant que personne n'utilise la table."));

    /// <summary>
    /// A row is its header (23 bytes and, with nulls, a bit for each column, aligned), its values and its pointer; a page has a header of 24 bytes and is filled up to the
    /// fill factor. See https://www.postgresql.org/docs/current/storage-page-layout.html.
    /// </summary>
    private static Task<IReadOnlyList<Estimate>> TablesAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        , widths as (
          select t.oid, t.name, t.reltuples, pg_relation_size(t.oid) as bytes,
                 coalesce((select option_value::int from pg_options_to_table(t.reloptions) where option_name = 'fillfactor'), 100) as fill,
                 count(*) as columns, count(s.attname) as known, bool_or(s.null_frac > 0) as nulls, count(*) filter (where a.attname is not null) as present,
                 sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 0)) as width
          from tables t
          join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
          left join pg_stats s on s.schemaname = t.nspname and s.tablename = t.relname and s.attname = a.attname and not s.inherited
          where t.relkind in ('r', 'm') and t.reltuples >= 0
          group by t.oid, t.name, t.reltuples, t.reloptions
        ), rows as (
          select *, current_setting('block_size')::int as block, case when nulls then ceil((23 + (columns + 7) / 8) / 8.0) * 8 else 24 end + ceil(width / 8) * 8 + 4 as row_bytes
          from widths where known = columns
        )
        select name, (bytes / block)::bigint, ceil(reltuples / greatest(1, floor((block - 24) * fill / 100.0 / row_bytes)))::bigint, block from rows
        """,
        row => new Estimate(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3)),
        cancellationToken);

    /// <param name="Pages">On disk, without indexes and TOAST.</param>
    /// <param name="Needed">Pages that the rows would fill.</param>
    private sealed record Estimate(string Table, long Pages, long Needed, int PageBytes)
    {
        public long Wasted => (Pages - Needed) * PageBytes;

        public double Share => Pages == 0 ? 0 : (double)(Pages - Needed) / Pages;
    }
}
