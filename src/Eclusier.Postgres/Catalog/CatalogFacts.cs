using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>What rules need to know of the target besides its tables' sizes. Names are <c>schema.table</c> and <c>schema.table.column</c>.</summary>
public sealed record CatalogFacts
{
    /// <summary>Nothing is known.</summary>
    public static CatalogFacts None { get; } = new();

    /// <summary>Major version: 15; 0 when it is not known.</summary>
    public int ServerVersion { get; init; }

    /// <summary>Column -> type as <c>format_type</c> writes it: <c>character varying(50)</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Columns that are NOT NULL, or of which a valid CHECK proves that they hold no null.</summary>
    public IReadOnlySet<string> NeverNull { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Table -> the expressions of its valid CHECK constraints.</summary>
    public ILookup<string, string> Checks { get; init; } = Array.Empty<string>().ToLookup(check => check, StringComparer.Ordinal);

    /// <summary>Tables partitioned by ranges of one column, and without a default partition -> that column.</summary>
    public IReadOnlyDictionary<string, string> RangeKeys { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Function -> the types of its input parameters, by <c>typname</c>: <c>int4,text</c>.</summary>
    public ILookup<string, string> Functions { get; init; } = Array.Empty<string>().ToLookup(function => function, StringComparer.Ordinal);

    /// <summary>One round trip.</summary>
    public static async Task<CatalogFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string OutsideSystem = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"""
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
                    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and {OutsideSystem}
                    """),
                new("""
                    select (n.nspname || '.' || c.relname)::text, pg_get_expr(k.conbin, k.conrelid),
                           case when pg_get_constraintdef(k.oid) = format('CHECK ((%I IS NOT NULL))', a.attname) then a.attname::text end
                    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                    left join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
                    where k.contype = 'c' and k.convalidated
                    """),
                new("""
                    select (n.nspname || '.' || c.relname)::text, a.attname::text
                    from pg_partitioned_table p join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
                    where p.partstrat = 'r' and p.partnatts = 1 and p.partdefid = 0
                    """),
                new($"""
                    select (n.nspname || '.' || p.proname)::text,
                           (select coalesce(string_agg(t.typname, ',' order by i.place), '') from unnest(p.proargtypes::oid[]) with ordinality i (type, place) join pg_type t on t.oid = i.type)
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                    where {OutsideSystem} and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
                    """),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var columns = await RowsAsync(reader, row => (Name: row.GetString(0), Type: row.GetString(1), NotNull: row.GetBoolean(2)), cancellationToken);
        var checks = await RowsAsync(reader, row => (Table: row.GetString(0), Expression: row.GetString(1), NeverNull: row.IsDBNull(2) ? null : row.GetString(2)), cancellationToken);
        var keys = await RowsAsync(reader, row => (Table: row.GetString(0), Column: row.GetString(1)), cancellationToken);
        var functions = await RowsAsync(reader, row => (Name: row.GetString(0), Types: row.GetString(1)), cancellationToken);
        return new CatalogFacts
        {
            ServerVersion = connection.PostgreSqlVersion.Major,
            Types = columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal),
            NeverNull = columns.Where(column => column.NotNull).Select(column => column.Name)
                .Concat(checks.Where(check => check.NeverNull is not null).Select(check => $"{check.Table}.{check.NeverNull}"))
                .ToHashSet(StringComparer.Ordinal),
            Checks = checks.ToLookup(check => check.Table, check => check.Expression, StringComparer.Ordinal),
            RangeKeys = keys.ToDictionary(key => key.Table, key => key.Column, StringComparer.Ordinal),
            Functions = functions.ToLookup(function => function.Name, function => function.Types, StringComparer.Ordinal),
        };
    }

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
