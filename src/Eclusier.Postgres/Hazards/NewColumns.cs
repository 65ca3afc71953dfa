using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

internal static class NewColumns
{
    /// <summary>The definitions of the columns that CREATE TABLE and ADD COLUMN bring.</summary>
    public static IEnumerable<TreeNode> Of(StatementNode node) => node.Tree is { Type: "CreateStmt" } create
        ? create.Items("tableElts").Where(element => element.Type == "ColumnDef")
        : node.TableChanges.Where(change => change.Is("AT_AddColumn")).Select(change => change.Command.Child("def")).OfType<TreeNode>();
}
