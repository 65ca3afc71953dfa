using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>Compares the rows of two tables that are kept in step, in one snapshot: the writes of others go to both or to neither.</summary>
internal static class PartitionedRows
{
    private const int FirstKeys = 10;

    /// <exception cref="MigrationFailedException">They differ, and in which rows.</exception>
    public static async Task<PartitionResult> CompareAsync(NpgsqlConnection connection, LiveTable table, PartitionNames names, string where, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("begin isolation level repeatable read read only", cancellationToken);
        try
        {
            var before = await SumAsync(connection, table, table.Name, cancellationToken);
            var after = await SumAsync(connection, table, names.New, cancellationToken);
            var (rows, hash) = (before.Sum(part => part.Rows), before.Sum(part => part.Hash));
            if (rows != after.Sum(part => part.Rows) || hash != after.Sum(part => part.Hash))
                throw Different(table, rows, after.Sum(part => part.Rows), await KeysAsync(connection, table, names, cancellationToken), where);
            return new PartitionResult($"{table.Name.Schema}.{table.Name.Name}", $"{names.Kept.Schema}.{names.Kept.Name}", rows, $"{hash:0}", [.. after.Select(part => new PartitionRows(part.Name, part.Rows))]);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    private static Task<IReadOnlyList<(string Name, long Rows, decimal Hash)>> SumAsync(NpgsqlConnection connection, LiveTable table, TableName rows, CancellationToken cancellationToken) => connection.RowsAsync(
        $"""
        select c.relname::text, s.rows, s.hash
        from (select t.tableoid, count(*) as rows, sum({Hash(table)}::numeric) as hash from {rows.Quoted} t group by 1) s join pg_class c on c.oid = s.tableoid
        order by 1
        """,
        row => (row.GetString(0), row.GetInt64(1), row.GetDecimal(2)),
        cancellationToken);

    private static Task<IReadOnlyList<string>> KeysAsync(NpgsqlConnection connection, LiveTable table, PartitionNames names, CancellationToken cancellationToken)
    {
        var key = table.PrimaryKey!.Columns.Select(Identifier.Quote).ToList();
        string Side(TableName rows) => $"(select {string.Join(", ", key)}, {Hash(table)} as hash from {rows.Quoted} t)";
        return connection.RowsAsync(
            $"""
            select concat_ws(', ', {string.Join(", ", key)}) from {Side(table.Name)} b full join {Side(names.New)} a using ({string.Join(", ", key)})
            where a.hash is distinct from b.hash order by 1 limit {FirstKeys}
            """,
            row => row.GetString(0),
            cancellationToken);
    }

    private static string Hash(LiveTable table) => $"hashtextextended(row({string.Join(", ", table.Columns.Select(column => $"t.{Identifier.Quote(column.Name)}"))})::text, 0)";

    private static EclusierException Different(LiveTable table, long before, long after, IReadOnlyList<string> keys, string where) => new MigrationFailedException(
        new Text(
            $"{table.Name} and its partitioned copy differ ({before} and {after} rows); the first differing keys: {string.Join("; ", keys)}.",
            $"{table.Name} et sa copie partitionnée diffèrent ({before} et {after} lignes) ; premières clés différentes : {string.Join(" ; ", keys)}."),
        where,
        new Text(
            "The live table is as it was and in use. Find out who writes past its triggers (they may be disabled), then undo this migration with `eclusier rollback` and run it again.",
            "La table en service est telle qu'elle était. Cherchez qui écrit sans ses déclencheurs (peut-être désactivés), puis annulez cette migration avec `eclusier rollback` et relancez-la."));
}
