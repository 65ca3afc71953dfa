namespace Eclusier.Postgres.Diagnostics;

/// <summary>A foreign key as the user declared it: what PostgreSQL derives from it for partitions is left out, and so are PostgreSQL 18's over periods, which compare otherwise.</summary>
internal sealed record DeclaredForeignKey
{
    /// <summary>Names are quoted where SQL wants it.</summary>
    public required string Constraint { get; init; }

    public required uint TableId { get; init; }

    public required string Table { get; init; }

    public required bool Partitioned { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<int> Numbers { get; init; }

    public required string Referenced { get; init; }

    public required bool ReferencedPartitioned { get; init; }

    public required IReadOnlyList<string> ReferencedColumns { get; init; }

    /// <summary>Compare referenced = referencing, as <c>operator(schema.=)</c>.</summary>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>A row that is null in part is a violation.</summary>
    public required bool MatchFull { get; init; }

    public required bool Valid { get; init; }

    /// <summary>One of its triggers does not fire, here or on a partition.</summary>
    public required bool Disabled { get; init; }

    public required long TableBytes { get; init; }

    public static Task<IReadOnlyList<DeclaredForeignKey>> ReadAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        , family(root, oid) as (
          select k.oid, k.oid from pg_constraint k where k.contype = 'f' and k.conparentid = 0
          union all
          select f.root, k.oid from family f join pg_constraint k on k.conparentid = f.oid
        ), disabled as (
          select distinct f.root from family f join pg_trigger g on g.tgconstraint = f.oid where g.tgenabled in ('D', 'R')
        )
        select quote_ident(k.conname), t.oid, t.name, t.relkind = 'p',
               array(select quote_ident(a.attname) from unnest(k.conkey) with ordinality u (number, place) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number order by u.place),
               k.conkey::int[], format('%I.%I', n.nspname, r.relname), r.relkind = 'p',
               array(select quote_ident(a.attname) from unnest(k.confkey) with ordinality u (number, place) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number order by u.place),
               array(select format('operator(%I.%s)', s.nspname, o.oprname) from unnest(k.conpfeqop) with ordinality u (operator, place) join pg_operator o on o.oid = u.operator join pg_namespace s on s.oid = o.oprnamespace order by u.place),
               k.confmatchtype = 'f', k.convalidated, k.oid in (select root from disabled),
               coalesce((select sum(pg_relation_size(p.relid)) from pg_partition_tree(t.oid) p where p.isleaf), pg_relation_size(t.oid))::bigint
        from pg_constraint k
        join tables t on t.oid = k.conrelid
        join pg_class r on r.oid = k.confrelid
        join pg_namespace n on n.oid = r.relnamespace
        where k.contype = 'f' and k.conparentid = 0 and coalesce(to_jsonb(k) ->> 'conperiod', 'false') = 'false'
        order by k.oid
        """,
        row => new DeclaredForeignKey
        {
            Constraint = row.GetString(0),
            TableId = row.GetFieldValue<uint>(1),
            Table = row.GetString(2),
            Partitioned = row.GetBoolean(3),
            Columns = row.GetFieldValue<string[]>(4),
            Numbers = row.GetFieldValue<int[]>(5),
            Referenced = row.GetString(6),
            ReferencedPartitioned = row.GetBoolean(7),
            ReferencedColumns = row.GetFieldValue<string[]>(8),
            Operators = row.GetFieldValue<string[]>(9),
            MatchFull = row.GetBoolean(10),
            Valid = row.GetBoolean(11),
            Disabled = row.GetBoolean(12),
            TableBytes = row.GetInt64(13),
        },
        cancellationToken);
}
