using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Catalog;

public sealed partial record CatalogFacts
{
    private const string OutsideSystem = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

    /// <summary>One round trip.</summary>
    public static async Task<CatalogFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select unnest(current_schemas(false))::text"),
                new($"""
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
                    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and {OutsideSystem}
                    """),
                new($"""
                    select (n.nspname || '.' || c.relname)::text, k.conname::text, k.contype::text, k.convalidated, pg_get_expr(k.conbin, k.conrelid),
                           (select (m.nspname || '.' || f.relname)::text from pg_class f join pg_namespace m on m.oid = f.relnamespace where f.oid = k.confrelid)
                    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                    where {OutsideSystem}
                    """),
                new($"""
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text, k.conname::text
                    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
                    where k.contype = 'c' and {OutsideSystem}
                    union all
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text, x.relname::text
                    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
                    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
                    where a.attnum > 0 and (i.indexprs is not null or i.indpred is not null) and {OutsideSystem}
                    """),
                new("""
                    select (n.nspname || '.' || c.relname)::text, a.attname::text
                    from pg_partitioned_table p join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
                    where p.partstrat = 'r' and p.partnatts = 1
                    """),
                new("""
                    select (n.nspname || '.' || p.relname)::text, m.nspname::text, c.relname::text, c.relkind = 'p', pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'
                    from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace n on n.oid = p.relnamespace
                    join pg_class c on c.oid = i.inhrelid join pg_namespace m on m.oid = c.relnamespace
                    where p.relkind = 'p' order by c.relname
                    """),
                new($"select (n.nspname || '.' || c.relname)::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('p', 'I') and {OutsideSystem}"),
                new($"""
                    select (n.nspname || '.' || c.relname)::text, c.relispopulated,
                           exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null)
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' and {OutsideSystem}
                    """),
                new($"""
                    select (n.nspname || '.' || t.typname)::text from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    where t.typtype = 'd' and (t.typnotnull or exists (select from pg_constraint k where k.contypid = t.oid)) and {OutsideSystem}
                    """),
                new($"""
                    select (n.nspname || '.' || p.proname)::text,
                           (select coalesce(string_agg(t.typname, ',' order by i.place), '') from unnest(p.proargtypes::oid[]) with ordinality i (type, place) join pg_type t on t.oid = i.type),
                           coalesce(format_type(p.prorettype, null), ''), p.provolatile = 'v',
                           exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                    where {OutsideSystem}
                    """),
                new($"""
                    select n.nspname::text, p.proname::text, pg_get_functiondef(p.oid)
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                    where p.prokind = 'p' and p.prosrc ~* '\m(commit|rollback)\M' and {OutsideSystem}
                    """),
                new("""
                    select distinct (n.nspname || '.' || p.proname)::text
                    from pg_depend d join pg_attrdef e on e.oid = d.objid join pg_attribute a on a.attrelid = e.adrelid and a.attnum = e.adnum
                    join pg_proc p on p.oid = d.refobjid join pg_namespace n on n.oid = p.pronamespace
                    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_proc'::regclass and a.attgenerated <> ''
                    """),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var path = await RowsAsync(reader, row => row.GetString(0), cancellationToken);
        var columns = await RowsAsync(reader, row => (Name: row.GetString(0), Type: row.GetString(1), NotNull: row.GetBoolean(2)), cancellationToken);
        var constraints = await RowsAsync(
            reader, row => new ConstraintFact(row.GetString(0), row.GetString(1), row.GetString(2)[0], row.GetBoolean(3), TextOf(row, 4), TextOf(row, 5)), cancellationToken);
        var dependents = await RowsAsync(reader, row => (Column: row.GetString(0), Name: row.GetString(1)), cancellationToken);
        var keys = await RowsAsync(reader, row => (Table: row.GetString(0), Column: row.GetString(1)), cancellationToken);
        var partitions = await RowsAsync(
            reader, row => new PartitionFact(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), !row.IsDBNull(4) && row.GetBoolean(4)), cancellationToken);
        var partitioned = await RowsAsync(reader, row => row.GetString(0), cancellationToken);
        var views = await RowsAsync(reader, row => (Name: row.GetString(0), Fact: new MaterializedViewFact(row.GetBoolean(1), row.GetBoolean(2))), cancellationToken);
        var domains = await RowsAsync(reader, row => row.GetString(0), cancellationToken);
        var functions = await RowsAsync(
            reader, row => new FunctionFact(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4)), cancellationToken);
        var procedures = await RowsAsync(reader, row => (Name: new TableName(row.GetString(0), row.GetString(1)), Definition: row.GetString(2)), cancellationToken);
        var generating = await RowsAsync(reader, row => row.GetString(0), cancellationToken);
        return new CatalogFacts
        {
            FunctionsOfColumns = generating.ToHashSet(StringComparer.Ordinal),
            ServerVersion = connection.PostgreSqlVersion.Major,
            SearchPath = path,
            Types = columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal),
            NotNull = columns.Where(column => column.NotNull).Select(column => column.Name).ToHashSet(StringComparer.Ordinal),
            Constraints = constraints.ToLookup(constraint => constraint.Table, StringComparer.Ordinal),
            Dependents = dependents.ToLookup(dependent => dependent.Column, dependent => dependent.Name, StringComparer.Ordinal),
            RangeKeys = keys.ToDictionary(key => key.Table, key => key.Column, StringComparer.Ordinal),
            Partitions = partitions.ToLookup(partition => partition.Parent, StringComparer.Ordinal),
            Partitioned = partitioned.ToHashSet(StringComparer.Ordinal),
            MaterializedViews = views.ToDictionary(view => view.Name, view => view.Fact, StringComparer.Ordinal),
            ConstrainedDomains = domains.ToHashSet(StringComparer.Ordinal),
            CommittingProcedures = [.. procedures.Where(procedure => RoutineBody.EndsTransactions(procedure.Definition)).Select(procedure => procedure.Name)],
            Functions = functions.ToLookup(function => function.Name, StringComparer.Ordinal),
        };
    }

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>One result, and on to the next.</summary>
    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        await reader.NextResultAsync(cancellationToken);
        return rows;
    }
}
