using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Rows that nothing tells apart.</summary>
internal static class TableWithoutPrimaryKey
{
    public static FindingRule Rule { get; } = new("table-without-primary-key", Risk.Medium, FindAsync)
    {
        Why = new(
            "Double rows can come in, nothing can refer to a row, and logical replication refuses UPDATE and DELETE. Low where a unique index over NOT NULL columns tells rows apart. Partitions have the key of their table.",
            "Des lignes en double peuvent entrer, rien ne peut désigner une ligne, et la réplication logique refuse UPDATE et DELETE. Faible là où un index unique sur des colonnes NOT NULL distingue les lignes. Les partitions ont la clé de leur table."),
        Bad = "create table orders (id bigint not null, total numeric);",
        Found = "public.orders",
        Good = """
            create table orders (id bigint, at date, primary key (id, at)) partition by range (at);
            create table orders_2026 partition of orders for values from ('2026-01-01') to ('2027-01-01');
            create materialized view order_days as select at from orders;
            create temporary table scratch (id int);
            """,
    };

    private static Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select t.name,
               (select format('%I.%I', n.nspname, c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
                where i.indrelid = t.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
                  and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]) and not a.attnotnull)
                order by i.indexrelid limit 1)
        from tables t
        where t.relkind in ('r', 'p') and not t.relispartition and not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
        """,
        row => Tell(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
        cancellationToken);

    private static Finding Tell(string table, string? unique) => unique is null
        ? new Finding(
            "table-without-primary-key", Risk.Medium, table,
            new Text("no primary key, and no unique index over NOT NULL columns", "pas de clé primaire, ni d'index unique sur des colonnes NOT NULL"),
            Text.Same($"alter table {table} add column id bigint generated always as identity primary key;"))
        : new Finding(
            "table-without-primary-key", Risk.Low, table,
            new Text($"no primary key; {unique} tells its rows apart", $"pas de clé primaire ; {unique} distingue ses lignes"),
            Text.Same($"alter table {table} add primary key using index {unique[(unique.LastIndexOf('.') + 1)..]};"));
}
