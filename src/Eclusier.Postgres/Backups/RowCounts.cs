using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>Exact rows of every ordinary table; partitions count each for itself.</summary>
public static class RowCounts
{
    /// <summary>One statement for many tables saves round trips; one for all could meet the stack's limit.</summary>
    private const int TablesPerStatement = 100;

    /// <summary>Tables that a dump holds: not those of extensions (which bring their own rows), of other sessions or of the server.</summary>
    private const string TablesSql = """
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r'
          and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (
            select from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        order by n.nspname collate "C", c.relname collate "C"
        """;

    /// <summary>Counts on the given connection, in its transaction's snapshot where it has one.</summary>
    /// <returns>Keys are <c>schema.table</c>, quoted where SQL needs it.</returns>
    public static async Task<IReadOnlyDictionary<string, long>> OfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var names = await connection.RowsAsync(TablesSql, row => row.GetString(0), cancellationToken);
        foreach (var tables in names.Chunk(TablesPerStatement))
        {
            foreach (var (table, rows) in await connection.RowsAsync(CountSql(tables), row => (row.GetString(0), row.GetInt64(1)), cancellationToken))
                counts[table] = rows;
        }
        return counts;
    }

    /// <summary>The names come quoted from the server. <c>only</c>, because an inheriting table counts for itself.</summary>
    private static string CountSql(IEnumerable<string> tables) =>
        string.Join("\nunion all ", tables.Select(table => $"select {Literal.Quote(table)}, count(*) from only {table}"));
}
