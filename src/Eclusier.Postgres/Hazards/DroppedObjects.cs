using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

internal static class DroppedObjects
{
    /// <summary>What a DROP names, in its order.</summary>
    public static IEnumerable<TableName> Names(TreeNode drop) => drop.Items("objects").Select(Name);

    private static TableName Name(TreeNode item) => item.Type switch
    {
        "List" => TableName.Of(item.Items("items")),
        "ObjectWithArgs" => TableName.Of(item.Items("objname")),
        "TypeName" => TableName.Of(item.Items("names")),
        _ => new TableName(null, item.Text("sval")),
    };

    public static IEnumerable<HazardFinding> Find(StatementNode node, string objectType, Func<TableName, HazardFinding> finding) =>
        node.Tree is { Type: "DropStmt" } drop && drop.Text("removeType") == objectType ? Names(drop).Select(finding) : [];
}
