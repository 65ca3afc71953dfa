using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ADD FOREIGN KEY without NOT VALID scans the table while writes to both tables wait.</summary>
internal static class AddForeignKey
{
    public static HazardRule Rule { get; } = new("add-foreign-key", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.ShareRowExclusive,
        Work = TableWork.Scan,
        Why = new(
            "A foreign key that is not NOT VALID is proved by joining both tables under a SHARE ROW EXCLUSIVE lock on each: nobody writes to either meanwhile. VALIDATE CONSTRAINT proves it later and lets writes through.",
            "Une clé étrangère sans NOT VALID est prouvée par une jointure des deux tables, sous un verrou SHARE ROW EXCLUSIVE sur chacune : personne n'y écrit entre-temps. VALIDATE CONSTRAINT la prouve plus tard en laissant passer les écritures."),
        Bad = "alter table orders add constraint orders_customer foreign key (customer_id) references customers (id);",
        Good = "alter table orders add constraint orders_customer foreign key (customer_id) references customers (id) not valid;\n-- in a later migration:\n-- alter table orders validate constraint orders_customer;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Constraint is { } constraint && constraint.Text("contype") == "CONSTR_FOREIGN" && !constraint.Flag("skip_validation")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"blocks writes to {context.Describe(table, TableWork.Scan).En} while its rows are checked; NOT VALID, then VALIDATE CONSTRAINT, does not",
                $"bloque les écritures dans {context.Describe(table, TableWork.Scan).Fr} pendant la vérification de ses lignes ; NOT VALID puis VALIDATE CONSTRAINT ne bloque pas"),
            table,
            Remedy: AlterTableRemedy.Of(node, context));
}
