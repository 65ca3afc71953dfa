using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>What rules need to know of the target's columns. Keys are <c>schema.table.column</c>.</summary>
/// <param name="Types">As <c>format_type</c> writes them: <c>character varying(50)</c>.</param>
/// <param name="NeverNull">Columns of which a valid CHECK proves that they hold no null.</param>
public sealed record ColumnFacts(IReadOnlyDictionary<string, string> Types, IReadOnlySet<string> NeverNull)
{
    /// <summary>Nothing is known.</summary>
    public static ColumnFacts None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));

    /// <summary>One round trip.</summary>
    public static async Task<ColumnFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text, format_type(a.atttypid, a.atttypmod)
                    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                    """),
                new("""
                    select (n.nspname || '.' || c.relname || '.' || a.attname)::text
                    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
                    where k.contype = 'c' and k.convalidated and pg_get_constraintdef(k.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)
                    """),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            types[reader.GetString(0)] = reader.GetString(1);
        await reader.NextResultAsync(cancellationToken);
        var neverNull = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            neverNull.Add(reader.GetString(0));
        return new ColumnFacts(types, neverNull);
    }
}
