using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// Makes a concurrent index build safe to begin again: what an interrupted build left behind is dropped, and an index
/// that is there already, valid, is not built twice (PostgreSQL manual, "Building Indexes Concurrently").
/// </summary>
internal static class IndexBuild
{
    private const string Kind = "create-index-concurrently";

    /// <summary>True for statements that can be run again without knowing whether they ran before.</summary>
    public static bool IsReentrant(Statement statement) => statement.Kind
        is Kind or "drop-index-concurrently" or "reindex" or "vacuum" or "analyze" or "set" or "select";

    /// <summary>Looks up the index that the statement would build, and removes an invalid one of its name.</summary>
    /// <returns>True when the valid index is there, and nothing is left to do.</returns>
    public static async Task<bool> IsDoneAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken)
    {
        if (statement.Kind != Kind || Name(statement.Sql) is not { } index)
            return false;
        var valid = await connection.ScalarAsync<bool?>(
            $"""
            select i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
            where c.relname = {Literal.Quote(index.Name)} and i.indrelid = to_regclass({Literal.Quote(index.Table)})
            """,
            cancellationToken);
        if (valid == false)
            await connection.ExecuteAsync($"drop index concurrently if exists {index.Schema}{Identifier.Quote(index.Name)}", cancellationToken);
        return valid == true;
    }

    private static (string Name, string Schema, string Table)? Name(string sql)
    {
        // Without a name, the server chooses one that is free: there is nothing to look up.
        if (StatementClassifier.Tree(LibPgQuery.Parse(sql)) is not { Type: "IndexStmt" } index || index.Text("idxname") is not { Length: > 0 } name || index.Table() is not { } table)
            return null;
        var schema = table.Schema is { } given ? Identifier.Quote(given) + "." : "";
        return (name, schema, schema + Identifier.Quote(table.Name));
    }
}
