using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET EXPRESSION computes a stored column anew in every row (PostgreSQL manual, ALTER TABLE, since 17).</summary>
internal static class SetExpression
{
    public static HazardRule Rule { get; } = new("set-expression", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "invoices",
        Work = TableWork.Rewrite,
        Introduced = 17,
        Why = new(
            "A stored generated column is computed anew in every row: the table is written anew under an ACCESS EXCLUSIVE lock, and nobody reads or writes it meanwhile. A virtual one is computed when it is read, and changes at once.",
            "Une colonne générée stockée est recalculée dans chaque ligne : la table est réécrite sous un verrou ACCESS EXCLUSIVE, et personne ne la lit ni ne l'écrit entre-temps. Une colonne virtuelle se calcule à la lecture, et change aussitôt."),
        Bad = "alter table invoices alter column gross set expression as (net * 1.25);",
        Good = "alter table invoices add column gross_2027 numeric;\n-- in later migrations:\n-- set it in new rows by a trigger, and in the others in batches (-- eclusier: batch)\n-- then use it instead",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_SetExpression")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"computes {change.Command.Text("name")} anew: where it is stored, this rewrites {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"recalcule {change.Command.Text("name")} : si elle est stockée, ceci réécrit {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table);
}
