using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// Makes a statement that cannot run in a transaction safe to begin again: its effect is looked up in the catalog, and what an
/// interrupted attempt left behind is removed or finished.
/// </summary>
internal static class Reentry
{
    /// <param name="connection">Where the statement will run.</param>
    /// <param name="statement">What will run.</param>
    /// <param name="started">It has begun before, and nobody knows how it ended.</param>
    /// <returns>True when its effect is there, and nothing is left to do.</returns>
    public static Task<bool> IsDoneAsync(NpgsqlConnection connection, Statement statement, bool started, CancellationToken cancellationToken) => statement.Kind switch
    {
        // One that nobody began here was built by somebody else, on other columns perhaps: the server refuses its name.
        "create-index-concurrently" => IndexIsBuiltAsync(connection, statement, started, cancellationToken),
        "reindex-concurrently" => ReindexLeftoversAsync(connection, statement, cancellationToken),
        "alter-table" => PartitionIsDetachedAsync(connection, statement, started, cancellationToken),
        "drop-index-concurrently" when started => IndexIsGoneAsync(connection, statement, cancellationToken),
        "create-database" when started => connection.ScalarAsync<bool>($"select exists (select from pg_catalog.pg_database where datname = {Name(statement, "dbname")})", cancellationToken),
        "drop-database" when started => connection.ScalarAsync<bool>($"select not exists (select from pg_catalog.pg_database where datname = {Name(statement, "dbname")})", cancellationToken),
        "create-tablespace" when started => connection.ScalarAsync<bool>($"select exists (select from pg_catalog.pg_tablespace where spcname = {Name(statement, "tablespacename")})", cancellationToken),
        "drop-tablespace" when started => connection.ScalarAsync<bool>($"select not exists (select from pg_catalog.pg_tablespace where spcname = {Name(statement, "tablespacename")})", cancellationToken),
        "create-subscription" when started => connection.ScalarAsync<bool>($"select exists (select from pg_catalog.pg_subscription where subname = {Name(statement, "subname")})", cancellationToken),
        "drop-subscription" when started => connection.ScalarAsync<bool>($"select not exists (select from pg_catalog.pg_subscription where subname = {Name(statement, "subname")})", cancellationToken),
        // VACUUM, ANALYZE, CLUSTER, ALTER SYSTEM and the like do the same a second time.
        _ => Task.FromResult(false),
    };

    /// <summary>After a failure: an index that is of no use to anyone costs every write.</summary>
    public static async Task CleanUpAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken)
    {
        if (statement.Kind == "create-index-concurrently")
            await IndexIsBuiltAsync(connection, statement, started: false, cancellationToken);
        else if (statement.Kind == "reindex-concurrently")
            await ReindexLeftoversAsync(connection, statement, cancellationToken);
    }

    /// <summary>An invalid index of that name, whoever left it, is dropped: IF NOT EXISTS would pass over it (PostgreSQL manual, "Building Indexes Concurrently").</summary>
    private static async Task<bool> IndexIsBuiltAsync(NpgsqlConnection connection, Statement statement, bool started, CancellationToken cancellationToken)
    {
        if (NamedIndex.Of(statement) is not { } index)
            return false;
        var valid = await index.IsValidAsync(connection, cancellationToken);
        if (valid == false)
            await connection.ExecuteAsync($"drop index concurrently if exists {index.QualifiedName}", cancellationToken);
        return started && valid == true;
    }

    private static async Task<bool> IndexIsGoneAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken)
    {
        var names = Tree(statement) is { } drop ? drop.Items("objects").Select(name => TableName.Of(name.Items("items"))) : [];
        foreach (var name in names)
        {
            if (await connection.ScalarAsync<bool>($"select pg_catalog.to_regclass({Literal.Quote(name.Quoted)}) is not null", cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>Interrupted, REINDEX CONCURRENTLY leaves invalid copies behind, called <c>…_ccnew</c> or <c>…_ccold</c> (PostgreSQL manual, REINDEX).</summary>
    private static async Task<bool> ReindexLeftoversAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken)
    {
        if (Tree(statement)?.Table() is not { } target)
            return false;
        var leftovers = await connection.RowsAsync(
            $"""
            select pg_catalog.format('%I.%I', n.nspname, c.relname)
            from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
              and (i.indrelid = pg_catalog.to_regclass({Literal.Quote(target.Quoted)})
                or i.indrelid = (select indrelid from pg_catalog.pg_index where indexrelid = pg_catalog.to_regclass({Literal.Quote(target.Quoted)})))
            """,
            row => row.GetString(0),
            cancellationToken);
        foreach (var leftover in leftovers)
            await connection.ExecuteAsync($"drop index concurrently if exists {leftover}", cancellationToken);
        return false;
    }

    /// <summary>DETACH PARTITION CONCURRENTLY works in two transactions; cut off between them it must be finished with FINALIZE (PostgreSQL manual, ALTER TABLE).</summary>
    private static async Task<bool> PartitionIsDetachedAsync(NpgsqlConnection connection, Statement statement, bool started, CancellationToken cancellationToken)
    {
        if (TableChange.Of(Tree(statement)) is not [var change] || !change.Is("AT_DetachPartition") || change.Command.Child("def")?.Table("name") is not { } partition)
            return false;
        var pending = await connection.ScalarAsync<bool?>(
            $"select inhdetachpending from pg_catalog.pg_inherits where inhrelid = pg_catalog.to_regclass({Literal.Quote(partition.Quoted)}) and inhparent = pg_catalog.to_regclass({Literal.Quote(change.Table.Quoted)})",
            cancellationToken);
        if (pending == true)
            await connection.ExecuteAsync($"alter table {change.Table.Quoted} detach partition {partition.Quoted} finalize", cancellationToken);
        return pending == true || (started && pending is null);
    }

    private static TreeNode? Tree(Statement statement) => StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql));

    private static string Name(Statement statement, string field) => Literal.Quote(Tree(statement)?.Text(field) ?? "");
}
