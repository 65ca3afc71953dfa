using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>One command of an ALTER TABLE.</summary>
internal readonly record struct TableChange(TableName Table, TreeNode Command)
{
    public bool Is(string subtype) => Command.Text("subtype") == subtype;

    /// <summary>The constraint of ADD CONSTRAINT.</summary>
    public TreeNode? Constraint => Is("AT_AddConstraint") ? Command.Child("def") : null;

    /// <summary>The constraint of ADD CONSTRAINT, or those that ADD COLUMN brings.</summary>
    public IEnumerable<TreeNode> Constraints()
    {
        if (Constraint is { } constraint)
            return [constraint];
        return Is("AT_AddColumn") && Command.Child("def") is { } column ? column.Items("constraints") : [];
    }
}

internal static class TableChanges
{
    public static IEnumerable<TableChange> Of(StatementNode node)
    {
        if (node.Tree is not { Type: "AlterTableStmt" } alter || alter.Text("objtype") != "OBJECT_TABLE" || alter.Table() is not { } table)
            return [];
        return alter.Items("cmds").Select(command => new TableChange(table, command));
    }
}
