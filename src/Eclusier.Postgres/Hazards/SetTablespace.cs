using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET TABLESPACE and SET ACCESS METHOD write the table anew.</summary>
internal static class SetTablespace
{
    public static HazardRule Rule { get; } = new("set-tablespace", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt", "AlterTableMoveAllStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "Moving a table to another tablespace or access method copies it under an ACCESS EXCLUSIVE lock.",
            "Déplacer une table vers un autre tablespace ou une autre méthode d'accès la recopie sous un verrou ACCESS EXCLUSIVE."),
        Bad = "alter table orders set tablespace fast_disks;",
        Good = "create table orders_new (like orders including all) tablespace fast_disks;\n-- copy in batches, then swap the names",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "AlterTableMoveAllStmt" } all)
            yield return new HazardFinding(new Text($"moves all that lies in {all.Text("orig_tablespacename")}, one lock after the other", $"déplace tout ce qui se trouve dans {all.Text("orig_tablespacename")}, un verrou après l'autre"));
        if (node.Tree is not { Type: "AlterTableStmt" } alter || alter.Table() is not { } table)
            yield break;
        var moves = alter.Items("cmds").Count(command => command.Text("subtype") is "AT_SetTableSpace" or "AT_SetAccessMethod");
        for (var number = 0; number < moves; number++)
        {
            yield return new HazardFinding(
                new Text(
                    $"copies {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                    $"recopie {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
                table);
        }
    }
}
