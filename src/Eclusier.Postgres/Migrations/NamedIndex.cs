using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>The index that a CREATE INDEX names.</summary>
/// <param name="Table">Quoted.</param>
/// <param name="QualifiedName">Quoted; an index lies in its table's schema.</param>
/// <param name="MayExist">IF NOT EXISTS.</param>
internal sealed record NamedIndex(string Name, string Table, string QualifiedName, bool MayExist)
{
    /// <returns>Null without a name: the server chooses one that is free, and there is nothing to look up.</returns>
    public static NamedIndex? Of(Statement statement)
    {
        if (StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql)) is not { Type: "IndexStmt" } index || index.Text("idxname") is not { Length: > 0 } name || index.Table() is not { } table)
            return null;
        var schema = table.Schema is { } given ? Identifier.Quote(given) + "." : "";
        return new NamedIndex(name, schema + Identifier.Quote(table.Name), schema + Identifier.Quote(name), index.Flag("if_not_exists"));
    }

    /// <summary>Qualified: a file's search path may hide pg_catalog.</summary>
    /// <returns>Null when there is no such index on the table.</returns>
    public Task<bool?> IsValidAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.ScalarAsync<bool?>(
        $"""
        select i.indisvalid from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
        where c.relname operator(pg_catalog.=) {Literal.Quote(Name)} and i.indrelid operator(pg_catalog.=) pg_catalog.to_regclass({Literal.Quote(Table)})
        """,
        cancellationToken);
}
