using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ADD CHECK without NOT VALID scans the table under an ACCESS EXCLUSIVE lock; so does a new column that brings one.</summary>
internal static class AddCheck
{
    public static HazardRule Rule { get; } = new("add-check", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Scan,
        Why = new(
            "A CHECK that is not NOT VALID is proved by reading every row, under an ACCESS EXCLUSIVE lock: nobody reads or writes the table meanwhile. VALIDATE CONSTRAINT reads the rows later under a lock that lets both through.",
            "Un CHECK sans NOT VALID est prouvé en lisant chaque ligne sous un verrou ACCESS EXCLUSIVE : personne ne lit ni n'écrit la table entre-temps. VALIDATE CONSTRAINT lit les lignes plus tard, sous un verrou qui laisse passer les deux."),
        Bad = "alter table orders add constraint orders_total check (total >= 0);",
        Good = "alter table orders add constraint orders_total check (total >= 0) not valid;\n-- in a later migration:\n-- alter table orders validate constraint orders_total;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Constraints().Any(constraint => constraint.Text("contype") == "CONSTR_CHECK" && !constraint.Flag("skip_validation"))
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"scans {context.Describe(table, TableWork.Scan).En}, which nobody can read meanwhile; NOT VALID, then VALIDATE CONSTRAINT, does not",
                $"parcourt {context.Describe(table, TableWork.Scan).Fr}, illisible entre-temps ; NOT VALID puis VALIDATE CONSTRAINT l'évite"),
            table,
            Remedy: AlterTableRemedy.Of(node, context));
}
