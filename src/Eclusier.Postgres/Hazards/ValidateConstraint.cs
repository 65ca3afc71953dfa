using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>VALIDATE CONSTRAINT in a transaction that has changed the table reads it under the lock of that change.</summary>
internal static class ValidateConstraint
{
    public static HazardRule Rule { get; } = new("validate-in-same-transaction", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Scan,
        Why = new(
            "NOT VALID and VALIDATE in two steps spare the table only when they are two transactions: the lock that ADD CONSTRAINT, or any other change of the table, took is held until the migration ends, and the rows are read meanwhile.",
            "NOT VALID puis VALIDATE n'épargnent la table que dans deux transactions : le verrou pris par ADD CONSTRAINT, ou par tout autre changement de la table, est tenu jusqu'à la fin de la migration, et les lignes sont lues entre-temps."),
        Bad = "alter table orders add constraint orders_total check (total >= 0) not valid;\nalter table orders validate constraint orders_total;",
        Good = "alter table orders add constraint orders_total check (total >= 0) not valid;\n-- and VALIDATE CONSTRAINT in a migration of its own",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_ValidateConstraint") && context.Migration.Transactional
        let table = change.Table
        let name = change.Command.Text("name")
        where context.Transaction.KeepsWritersOut(table) || StatementLocks.Of(node).Any(held => held.Table == table && held.Mode.BlocksWrites())
        select new HazardFinding(
            new Text(
                $"reads {context.Describe(table, TableWork.Scan).En} under the lock that another change of the same migration holds; validate {name} in a migration of its own",
                $"lit {context.Describe(table, TableWork.Scan).Fr} sous le verrou que tient un autre changement de la même migration ; validez {name} dans une migration à part"),
            table);
}
