namespace Eclusier.Postgres.Sql;

/// <summary>One command of an ALTER TABLE.</summary>
public sealed record TableChange(TableName Table, TreeNode Command)
{
    private readonly string _subtype = Command.Text("subtype");

    public bool Is(string subtype) => _subtype == subtype;

    /// <summary>The constraint of ADD CONSTRAINT.</summary>
    public TreeNode? Constraint => Is("AT_AddConstraint") ? Command.Child("def") : null;

    /// <summary>The constraint of ADD CONSTRAINT, or those that ADD COLUMN brings.</summary>
    public IEnumerable<TreeNode> Constraints()
    {
        if (Constraint is { } constraint)
            return [constraint];
        return Is("AT_AddColumn") && Command.Child("def") is { } column ? column.Items("constraints") : [];
    }

    /// <summary>All commands of a statement; none when it is no ALTER TABLE.</summary>
    internal static IReadOnlyList<TableChange> Of(TreeNode? tree) =>
        tree is { Type: "AlterTableStmt" } alter && alter.Text("objtype") == "OBJECT_TABLE" && alter.Table() is { } table
            ? [.. alter.Items("cmds").Select(command => new TableChange(table, command))]
            : [];
}
