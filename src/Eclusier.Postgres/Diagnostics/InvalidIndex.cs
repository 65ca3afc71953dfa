using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>What an interrupted concurrent build left behind.</summary>
internal static class InvalidIndex
{
    public static FindingRule Rule { get; } = new("invalid-index", Risk.High, FindAsync)
    {
        Why = new(
            "No query uses an invalid index, and every write pays for it. CREATE INDEX CONCURRENTLY leaves one behind when it is cut off or meets a double key; the index of a partitioned table is invalid until every partition has its part. One that is being built right now does not count.",
            "Aucune requête n'utilise un index invalide, et chaque écriture le paie. CREATE INDEX CONCURRENTLY en laisse un quand il est interrompu ou rencontre un doublon ; l'index d'une table partitionnée est invalide tant que chaque partition n'a pas sa part. Celui qui est en construction ne compte pas."),
        Bad = """
            create table orders (id bigint primary key, at date not null) partition by hash (id);
            create table orders_0 partition of orders for values with (modulus 1, remainder 0);
            create index orders_at on only orders (at);
            """,
        Found = "public.orders_at",
        Good = """
            create table orders (id bigint primary key, at date not null) partition by hash (id);
            create table orders_0 partition of orders for values with (modulus 1, remainder 0);
            create index orders_at on orders (at);
            """,
    };

    private static Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select format('%I.%I', t.nspname, c.relname), t.name, c.relkind = 'I', exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
        from tables t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
        where not (i.indisvalid and i.indisready)
          and not exists (select from pg_stat_progress_create_index p where p.datid = (select oid from pg_database where datname = current_database()) and p.relid = t.oid and p.index_relid in (0, c.oid))
        """,
        row => Tell(row.GetString(0), row.GetString(1), ofPartitions: row.GetBoolean(2), ofConstraint: row.GetBoolean(3)),
        cancellationToken);

    private static Finding Tell(string index, string table, bool ofPartitions, bool ofConstraint) => new(
        "invalid-index", Risk.High, index,
        ofPartitions
            ? new Text($"not every partition of {table} has its part of it", $"toutes les partitions de {table} n'ont pas leur part de cet index")
            : new Text($"a build on {table} was cut off: no query uses it, every write pays for it", $"une construction sur {table} a été interrompue : aucune requête ne l'utilise, chaque écriture le paie"),
        ofPartitions ? new Text($"create index concurrently on each partition that lacks it, then: alter index {index} attach partition <index>;", $"create index concurrently sur chaque partition qui ne l'a pas, puis : alter index {index} attach partition <index>;")
            : Text.Same(ofConstraint ? $"reindex index concurrently {index};" : $"drop index concurrently {index}; -- {Again.In(Language.En)}"))
    {
        Table = table,
    };

    private static readonly Text Again = new("then build it again", "puis le reconstruire");
}
