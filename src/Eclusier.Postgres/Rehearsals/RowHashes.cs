using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Rehearsals;

/// <summary>Hashes the rows of a copy's tables. A table that nobody wrote to since the last look is not read again.</summary>
internal static class RowHashes
{
    /// <summary>Bytes of one table, and of all together: as much as is read in some ten seconds. The smallest come first.</summary>
    private const long LargestTable = 1L << 30;

    private const long MostAtOnce = 2L << 30;

    /// <summary>The counters of a table reach others only now and then, unless they are asked for.</summary>
    private const int VersionWithFlush = 15;

    private const string Tables = """
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname), pg_table_size(c.oid),
          concat_ws(' ', c.oid, pg_relation_filenode(c.oid), pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid),
            (select md5(string_agg(a.attnum || ' ' || a.attname || ' ' || a.atttypid || ' ' || a.atttypmod, ',' order by a.attnum)) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)),
          (select coalesce(string_agg(quote_ident(a.attname), ', ' order by a.attname collate "C"), '') from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname not in ({schemas}) and not {tracking}
        order by pg_table_size(c.oid), 1
        """;

    /// <param name="known">An earlier look, for what nobody wrote to since; null: everything is read.</param>
    public static async Task<RowContents> ReadAsync(NpgsqlConnection connection, RowContents? known, CancellationToken cancellationToken)
    {
        var counts = connection.PostgreSqlVersion.Major >= VersionWithFlush;
        if (counts)
            await connection.ExecuteAsync("select pg_stat_force_next_flush()", cancellationToken);
        var tables = await connection.RowsAsync(Uncounted.FilledInto(Tables), row => (Name: row.GetString(0), Bytes: row.GetInt64(1), State: row.GetString(2), Columns: row.GetString(3)), cancellationToken);
        var contents = new Dictionary<string, TableContents>(StringComparer.Ordinal);
        var left = MostAtOnce;
        foreach (var table in tables)
        {
            if (counts && known?.Tables.GetValueOrDefault(table.Name) is { } before && before.State == table.State)
            {
                contents[table.Name] = before;
                continue;
            }

            left -= table.Bytes;
            // Without the counters, two looks that did not read a table say nothing.
            var state = counts ? table.State : Guid.CreateVersion7().ToString();
            contents[table.Name] = new TableContents(state, table.Bytes > LargestTable || left < 0 ? null : await HashAsync(connection, table.Name, table.Columns, cancellationToken));
        }

        return new RowContents(contents);
    }

    /// <summary>Columns in the order of their names: put back, one stands last.</summary>
    /// <returns>Null where the user may not read all of its rows.</returns>
    private static async Task<string?> HashAsync(NpgsqlConnection connection, string table, string columns, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ScalarAsync<string>($"select count(*) || ' ' || coalesce(sum(hashtextextended(row({columns})::text, 0)::numeric), 0) from only {table}", cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }
}
