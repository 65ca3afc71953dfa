using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>VALIDATE CONSTRAINT in the transaction that added the constraint reads the table under the lock of ADD.</summary>
internal static class ValidateConstraint
{
    public static HazardRule Rule { get; } = new("validate-in-same-transaction", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Scan,
        Why = new(
            "NOT VALID and VALIDATE in two steps spare the table only when they are two transactions: the lock that ADD CONSTRAINT took is held until the migration ends, and the rows are read meanwhile.",
            "NOT VALID puis VALIDATE n'épargnent la table que dans deux transactions : le verrou pris par ADD CONSTRAINT est tenu jusqu'à la fin de la migration, et les lignes sont lues entre-temps."),
        Bad = "alter table orders add constraint orders_total check (total >= 0) not valid;\nalter table orders validate constraint orders_total;",
        Good = "alter table orders add constraint orders_total check (total >= 0) not valid;\n-- and VALIDATE CONSTRAINT in a migration of its own",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_ValidateConstraint") && context.Migration.Transactional
        let table = change.Table
        let name = change.Command.Text("name")
        where context.Migration.IsConstraintAddedBefore(table, name, context.Position)
        select new HazardFinding(
            new Text(
                $"reads {context.Describe(table, TableWork.Scan).En} under the lock of the ADD CONSTRAINT before it; validate {name} in a migration of its own",
                $"lit {context.Describe(table, TableWork.Scan).Fr} sous le verrou du ADD CONSTRAINT précédent ; validez {name} dans une migration à part"),
            table);
}
