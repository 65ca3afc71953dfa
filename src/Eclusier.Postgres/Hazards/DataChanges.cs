using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

internal static class DataChanges
{
    /// <summary>The statements in which the grammar lets data be changed.</summary>
    public static readonly string[] Statements = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "ExplainStmt", "CreateTableAsStmt", "PrepareStmt", "CopyStmt"];

    /// <summary>The statement itself and those in its WITH, which is the only other place where the grammar lets data be changed.</summary>
    public static IEnumerable<TreeNode> Find(StatementNode node, string type)
    {
        // EXPLAIN alone only thinks about it.
        if (node.Tree is not { } tree || (tree.Type == "ExplainStmt" && !tree.OptionIsOn("options", "analyze")))
            return [];
        var query = tree.Type is "ExplainStmt" or "CreateTableAsStmt" or "PrepareStmt" or "CopyStmt" ? tree.Child("query") ?? tree : tree;
        return Within(query).Where(change => change.Type == type);
    }

    /// <summary>The table that a MERGE changes in this way (<c>CMD_UPDATE</c>, <c>CMD_DELETE</c>).</summary>
    public static IEnumerable<TableName> MergedInto(StatementNode node, string command) =>
        Find(node, "MergeStmt")
            .Where(merge => merge.Items("mergeWhenClauses").Any(clause => clause.Text("commandType") == command))
            .Select(merge => merge.Table() ?? default);

    private static IEnumerable<TreeNode> Within(TreeNode query)
    {
        yield return query;
        var inner = query.Type == "InsertStmt" ? query.Child("selectStmt")?.Field("withClause") : null;
        foreach (var with in new[] { query.Field("withClause"), inner }.OfType<TreeNode>())
        {
            foreach (var expression in with.Items("ctes"))
            {
                if (expression.Child("ctequery") is { } change)
                    yield return change;
            }
        }
    }
}
