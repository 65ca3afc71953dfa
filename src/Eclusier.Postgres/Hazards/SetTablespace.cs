using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET TABLESPACE and SET ACCESS METHOD write the table anew.</summary>
internal static class SetTablespace
{
    public static HazardRule Rule { get; } = new("set-tablespace", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "Moving a table to another tablespace or access method copies it under an ACCESS EXCLUSIVE lock.",
            "Déplacer une table vers un autre tablespace ou une autre méthode d'accès la recopie sous un verrou ACCESS EXCLUSIVE."),
        Bad = "alter table orders set tablespace fast_disks;",
        Good = "create table orders_new (like orders including all) tablespace fast_disks;\n-- copy in batches, then swap the names",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_SetTableSpace") || change.Is("AT_SetAccessMethod")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"copies {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"recopie {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table);
}
