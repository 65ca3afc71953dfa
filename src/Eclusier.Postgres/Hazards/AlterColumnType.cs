using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER COLUMN … TYPE: most changes rewrite the table and its indexes under an ACCESS EXCLUSIVE lock.</summary>
internal static class AlterColumnType
{
    public static HazardRule Rule { get; } = new("alter-column-type", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "Most changes of type write the table and its indexes anew under an ACCESS EXCLUSIVE lock. Those that only widen (varchar(50) to varchar(100) or text, numeric(8,2) to numeric(10,2)) do not.",
            "La plupart des changements de type réécrivent la table et ses index sous un verrou ACCESS EXCLUSIVE. Ceux qui ne font qu'élargir (varchar(50) vers varchar(100) ou text, numeric(8,2) vers numeric(10,2)), non."),
        Bad = "alter table orders alter column placed_at type date;",
        Good = "alter table orders add column placed_on date;\n-- fill it in batches, keep both in step by trigger, and switch the readers over",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AlterColumnType")
        let table = change.Table
        where context.TypeOf(table, change.Command.Text("name")) is not { } current || !TypeChange.OnlyWidens(current, change.Command)
        select new HazardFinding(
            new Text(
                $"changes the type of {change.Command.Text("name")}: may rewrite {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"change le type de {change.Command.Text("name")} : peut réécrire {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table);
}
