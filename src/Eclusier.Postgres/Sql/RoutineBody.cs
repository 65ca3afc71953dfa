namespace Eclusier.Postgres.Sql;

/// <summary>
/// Whether a DO block or a procedure commits by itself: the server refuses that inside a transaction
/// (https://www.postgresql.org/docs/current/plpgsql-transactions.html).
/// </summary>
internal static class RoutineBody
{
    /// <param name="statement">DO, or CREATE PROCEDURE.</param>
    public static bool EndsTransactions(string statement)
    {
        // Nine in ten have neither word, and need no second parser.
        if (!statement.Contains("commit", StringComparison.OrdinalIgnoreCase) && !statement.Contains("rollback", StringComparison.OrdinalIgnoreCase))
            return false;
        return LibPgQuery.ParseBody(statement).Root() is { } body
            && (body.Descendants("PLpgSQL_stmt_commit").Any() || body.Descendants("PLpgSQL_stmt_rollback").Any());
    }

    /// <summary>The procedures that a script makes and that commit by themselves.</summary>
    public static IEnumerable<TableName> Committing(IEnumerable<StatementNode> statements) =>
        from node in statements
        where node.Tree is { Type: "CreateFunctionStmt" } routine && routine.Flag("is_procedure") && EndsTransactions(node.Statement.Sql)
        select TableName.Of(node.Tree!.Items("funcname"));

    /// <summary>A script whose CALLs of such procedures run outside a transaction.</summary>
    /// <param name="known">Those that are there before it runs; its own are found here.</param>
    public static MigrationScript CallsApart(MigrationScript script, IReadOnlyCollection<TableName> known)
    {
        if (!script.Statements.Any(node => node.Kind == "call"))
            return script;
        TableName[] committing = [.. known, .. Committing(script.Statements)];
        return script with { Statements = [.. script.Statements.Select(node => Calls(node, committing) ? node with { Statement = node.Statement with { Transactional = false } } : node)] };
    }

    private static bool Calls(StatementNode node, TableName[] procedures) =>
        node.Tree is { Type: "CallStmt" } call && call.Field("funccall") is { } function && TableName.Of(function.Items("funcname")) is var name && procedures.Any(name.Matches);
}
