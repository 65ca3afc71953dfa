namespace Eclusier.Postgres.Diagnostics;

/// <summary>An index of one of the user's tables, as far as rules compare it with others.</summary>
internal sealed record IndexFacts
{
    public required uint Id { get; init; }

    public required string Name { get; init; }

    public required uint TableId { get; init; }

    public required string Table { get; init; }

    public required string Method { get; init; }

    /// <summary>Each with its expression, operator class, collation and order.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Numbers of the key columns; 0 is an expression.</summary>
    public required IReadOnlyList<int> Columns { get; init; }

    /// <summary>Of INCLUDE.</summary>
    public required IReadOnlyList<string> Included { get; init; }

    /// <summary>Empty: all rows.</summary>
    public required string Predicate { get; init; }

    public required bool Unique { get; init; }

    /// <summary>Of a primary key, UNIQUE or EXCLUDE constraint; null: it belongs to none.</summary>
    public required string? Constraint { get; init; }

    /// <summary>How much would be lost with it: of two that are equal, the higher one stays.</summary>
    public required int Rank { get; init; }

    /// <summary>What it forbids, as bits: double keys, already within a statement, double nulls.</summary>
    public required int Guarantees { get; init; }

    /// <summary>A foreign key needs it as its proof of uniqueness, or replication as the identity of rows, or CLUSTER as its order.</summary>
    public required bool Needed { get; init; }

    public required bool Valid { get; init; }

    /// <summary>Of a partitioned table, without storage of its own.</summary>
    public required bool Partitioned { get; init; }

    /// <summary>The partitioned index that this one is a part of; 0: none.</summary>
    public required uint Parent { get; init; }

    public required long Bytes { get; init; }

    public required long Scans { get; init; }

    /// <summary>What makes two indexes the same, but for uniqueness.</summary>
    public string Signature => string.Join('\n', [$"{TableId} {Method}", .. Keys, "include", .. Included, "where", Predicate]);

    /// <summary>A constraint, or another index of a partitioned table, stands and falls with it.</summary>
    public bool Droppable => Constraint is null && !Needed && Parent == 0;

    public string Removal => Constraint is { } constraint ? $"alter table {Table} drop constraint {constraint};"
        : Partitioned ? $"drop index {Name};"
        : $"drop index concurrently {Name};";

    /// <summary>What it and its parts take.</summary>
    public static long BytesOf(IndexFacts index, IReadOnlyList<IndexFacts> all) => index.Bytes + all.Where(part => part.Parent == index.Id).Sum(part => BytesOf(part, all));

    public static Task<IReadOnlyList<IndexFacts>> ReadAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        // indnullsnotdistinct came with PostgreSQL 15: read through JSON, its absence is no error. The vectors count from 0.
        """
        select i.indexrelid, format('%I.%I', t.nspname, c.relname), t.oid, t.name, m.amname::text,
               array(select pg_get_indexdef(i.indexrelid, n, false) || ' ' || (i.indclass::oid[])[n - 1] || ' ' || (i.indcollation::oid[])[n - 1] || ' ' || (i.indoption::int[])[n - 1]
                     from generate_series(1, i.indnkeyatts) n order by n),
               (i.indkey::int[])[0:i.indnkeyatts - 1],
               array(select pg_get_indexdef(i.indexrelid, n, false) from generate_series(i.indnkeyatts + 1, i.indnatts) n order by 1),
               coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
               i.indisunique, quote_ident(k.conname),
               case when i.indisprimary then 64 else 0 end + case when i.indisreplident then 32 else 0 end + case when k.oid is not null then 16 else 0 end
                 + case when i.indisunique and i.indimmediate then 8 else 0 end + case when i.indisunique then 4 else 0 end + case when c.relispartition then 1 else 0 end,
               case when i.indisunique then 1 + case when i.indimmediate then 2 else 0 end + case when i.indisprimary or to_jsonb(i) ->> 'indnullsnotdistinct' = 'true' then 4 else 0 end else 0 end,
               i.indisreplident or i.indisclustered or exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid),
               i.indisvalid and i.indisready, c.relkind = 'I', coalesce(h.inhparent, 0::oid),
               case c.relkind when 'I' then 0 else pg_relation_size(c.oid) end, coalesce(pg_stat_get_numscans(c.oid), 0)
        from tables t
        join pg_index i on i.indrelid = t.oid
        join pg_class c on c.oid = i.indexrelid
        join pg_am m on m.oid = c.relam
        left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
        left join pg_inherits h on h.inhrelid = i.indexrelid
        where not exists (select from members e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
        order by i.indexrelid
        """,
        row => new IndexFacts
        {
            Id = row.GetFieldValue<uint>(0),
            Name = row.GetString(1),
            TableId = row.GetFieldValue<uint>(2),
            Table = row.GetString(3),
            Method = row.GetString(4),
            Keys = row.GetFieldValue<string[]>(5),
            Columns = row.GetFieldValue<int[]>(6),
            Included = row.GetFieldValue<string[]>(7),
            Predicate = row.GetString(8),
            Unique = row.GetBoolean(9),
            Constraint = row.IsDBNull(10) ? null : row.GetString(10),
            Rank = row.GetInt32(11),
            Guarantees = row.GetInt32(12),
            Needed = row.GetBoolean(13),
            Valid = row.GetBoolean(14),
            Partitioned = row.GetBoolean(15),
            Parent = row.GetFieldValue<uint>(16),
            Bytes = row.GetInt64(17),
            Scans = row.GetInt64(18),
        },
        cancellationToken);
}
