using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>Exact rows of every ordinary table, by <c>schema.table</c>; partitions count by themselves.</summary>
internal static class RowCounts
{
    public static async Task<IReadOnlyDictionary<string, long>> OfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(connection, cancellationToken);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (schema, table) in tables)
        {
            // Row security would hide rows from an owner who does not bypass it: an error is better than a wrong count.
            var sql = $"select count(*) from only {Identifier.Quote(schema)}.{Identifier.Quote(table)}";
            counts[$"{schema}.{table}"] = await connection.ScalarAsync<long>(sql, cancellationToken);
        }

        return counts;
    }

    private static async Task<IReadOnlyList<(string Schema, string Table)>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select n.nspname::text, c.relname::text
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
              and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
            order by 1, 2
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            tables.Add((reader.GetString(0), reader.GetString(1)));
        return tables;
    }
}
