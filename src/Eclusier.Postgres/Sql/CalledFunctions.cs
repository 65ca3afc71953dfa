namespace Eclusier.Postgres.Sql;

/// <summary>Functions that a statement calls itself; those that it only puts into a definition are called later.</summary>
internal static class CalledFunctions
{
    public static IEnumerable<TableName> Of(TreeNode? tree) =>
        tree is null ? [] : tree.Descendants("FuncCall").Concat(tree.Type == "CallStmt" && tree.Field("funccall") is { } call ? [call] : []).Select(found => TableName.Of(found.Items("funcname")));
}
