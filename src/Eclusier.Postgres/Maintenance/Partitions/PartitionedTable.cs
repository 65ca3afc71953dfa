using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>A table that is partitioned by ranges of one column of time.</summary>
/// <param name="Key">The column.</param>
/// <param name="Default">The partition that takes what no other one holds.</param>
internal sealed record PartitionedTable(Relation Relation, string Key, string KeyType, Relation? Default, IReadOnlyList<ExistingPartition> Partitions)
{
    public required string Owner { get; init; }

    /// <summary>What the session creates is the owner's as it is.</summary>
    public bool OwnedByUs { get; init; }

    public bool RowSecurity { get; init; }

    /// <summary>DETACH PARTITION … CONCURRENTLY: from PostgreSQL 14 on, and not beside a default partition (PostgreSQL manual, ALTER TABLE).</summary>
    public bool DetachesConcurrently { get; init; }

    /// <summary>Detached tables that a job was about to drop when it was cut off.</summary>
    public IReadOnlyList<ExistingPartition> LeftToDrop { get; init; } = [];

    /// <summary>The comment that a partition carries from before it is detached until it is dropped: whoever comes after a crash knows it by this.</summary>
    public string Mark => MarkOf(Relation);

    /// <exception cref="RefusedException">It is not there, or is not partitioned by ranges of one column of time.</exception>
    public static async Task<PartitionedTable> ReadAsync(NpgsqlConnection connection, string written, string where, CancellationToken cancellationToken)
    {
        var relation = await Relation.FindAsync(connection, written, where, "p", cancellationToken);
        var (key, type, defaultOid) = (await connection.RowsAsync(
            $"""
            select coalesce(a.attname, '')::text, coalesce(a.atttypid::regtype::text, ''), pt.partdefid, pt.partstrat = 'r' and pt.partnatts = 1
            from pg_partitioned_table pt left join pg_attribute a on a.attrelid = pt.partrelid and a.attnum = pt.partattrs[0]
            where pt.partrelid = {relation.Oid}
            """,
            row => (row.GetBoolean(3) ? row.GetString(0) : "", row.GetString(1), row.GetFieldValue<uint>(2)),
            cancellationToken))[0];
        if (key.Length == 0 || type is not ("date" or "timestamp without time zone" or "timestamp with time zone"))
        {
            throw new RefusedException(
                new Text($"{written} is not partitioned by ranges of one date or timestamp column.", $"{written} n'est pas partitionnée par plages d'une colonne date ou timestamp."), where,
                new Text("Only such tables can be kept by `partitions`; use a job with `sql` for others.", "Seules ces tables conviennent à `partitions` ; utilisez une tâche `sql` pour les autres."));
        }

        return await CompleteAsync(connection, relation, key, type, defaultOid, cancellationToken);
    }

    public static string MarkOf(Relation table) => $"eclusier: detached from {table}, to be dropped";

    private static async Task<PartitionedTable> CompleteAsync(NpgsqlConnection connection, Relation relation, string key, string type, uint defaultOid, CancellationToken cancellationToken)
    {
        var version = await connection.ScalarAsync<int>("select current_setting('server_version_num')::int", cancellationToken);
        var children = await ChildrenAsync(connection, relation, $"c.oid in (select inhrelid from pg_inherits where inhparent = {relation.Oid})", version, cancellationToken);
        var left = await ChildrenAsync(connection, relation, $"not c.relispartition and c.relkind in ('r', 'p') and obj_description(c.oid, 'pg_class') = {Literal.Quote(MarkOf(relation))}", version, cancellationToken);
        var (owner, ours, rowSecurity) = (await connection.RowsAsync(
            $"select pg_get_userbyid(relowner)::text, relowner = current_user::regrole, relrowsecurity from pg_class where oid = {relation.Oid}",
            row => (row.GetString(0), row.GetBoolean(1), row.GetBoolean(2)), cancellationToken))[0];
        return new PartitionedTable(relation, key, type, children.Select(child => child.Partition.Relation).FirstOrDefault(child => child.Oid == defaultOid), [.. children.Where(child => child.Partition.Relation.Oid != defaultOid).Select(child => child.Partition)])
        {
            Owner = owner,
            OwnedByUs = ours,
            RowSecurity = rowSecurity,
            DetachesConcurrently = version >= 140000 && defaultOid == 0,
            LeftToDrop = [.. left.Select(child => child.Partition)],
        };
    }

    private static async Task<IReadOnlyList<(ExistingPartition Partition, string Bound)>> ChildrenAsync(NpgsqlConnection connection, Relation parent, string which, int version, CancellationToken cancellationToken)
    {
        // Bounds are shown in the session's time zone and style.
        await connection.ExecuteAllAsync(["begin", "set local timezone = 'UTC'", "set local datestyle = 'ISO, YMD'"], cancellationToken);
        try
        {
            return await connection.RowsAsync(
                $"""
                select c.oid, n.nspname::text, c.relname::text, c.relkind::text, coalesce(pg_get_expr(c.relpartbound, c.oid), ''),
                       sizes.bytes::bigint, sizes.rows::float8,
                       {(version >= 140000 ? $"exists (select from pg_inherits i where i.inhrelid = c.oid and i.inhparent = {parent.Oid} and i.inhdetachpending)" : "false")},
                       coalesce(obj_description(c.oid, 'pg_class') = {Literal.Quote(MarkOf(parent))}, false)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace,
                     lateral (select coalesce(sum(pg_total_relation_size(l.oid)), 0) as bytes, coalesce(sum(greatest(l.reltuples, 0)), 0) as rows
                              from pg_class l where (l.oid = c.oid and l.relkind = 'r') or l.oid in (select t.relid from pg_partition_tree(c.oid) t where t.isleaf)) sizes
                where {which}
                order by 2, 3
                """,
                row => (Child(row), row.GetString(4)),
                cancellationToken);
        }
        finally
        {
            await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    private static ExistingPartition Child(NpgsqlDataReader row)
    {
        var bounds = ExistingPartition.Bounds(row.GetString(4));
        return new ExistingPartition(new Relation(row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3)[0]), bounds?.From, bounds?.Until)
        {
            Bytes = row.GetInt64(5),
            EstimatedRows = row.GetDouble(6),
            DetachPending = row.GetBoolean(7),
            Marked = row.GetBoolean(8),
        };
    }
}
