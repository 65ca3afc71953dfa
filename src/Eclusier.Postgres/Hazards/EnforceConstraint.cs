using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER CONSTRAINT … ENFORCED proves a foreign key by reading both tables, while nobody writes (PostgreSQL manual, ALTER TABLE, since 18).</summary>
internal static class EnforceConstraint
{
    public static HazardRule Rule { get; } = new("enforce-constraint", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.ShareRowExclusive,
        On = "orders",
        Work = TableWork.Scan,
        Introduced = 18,
        Why = new(
            "A foreign key that becomes ENFORCED is proved by joining both tables, and nobody writes to either meanwhile. A second one, NOT VALID, and validated later, lets writes through.",
            "Une clé étrangère qui devient ENFORCED est prouvée par une jointure des deux tables, et personne n'y écrit entre-temps. Une seconde, NOT VALID, validée plus tard, laisse passer les écritures."),
        Bad = "alter table orders add constraint orders_customer foreign key (customer_id) references customers (id) not enforced;\nalter table orders alter constraint orders_customer enforced;",
        Good = "alter table orders add constraint orders_customer_enforced foreign key (customer_id) references customers (id) not valid;\n-- in a later migration:\n-- alter table orders validate constraint orders_customer_enforced;\n-- alter table orders drop constraint orders_customer;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AlterConstraint") && change.Command.Child("def") is { } constraint && constraint.Flag("alterEnforceability") && constraint.Flag("is_enforced")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"blocks writes to {context.Describe(table, TableWork.Scan).En} while its rows are checked; a foreign key NOT VALID, then VALIDATE CONSTRAINT, does not",
                $"bloque les écritures dans {context.Describe(table, TableWork.Scan).Fr} pendant la vérification de ses lignes ; une clé étrangère NOT VALID puis VALIDATE CONSTRAINT ne bloque pas"),
            table);
}
