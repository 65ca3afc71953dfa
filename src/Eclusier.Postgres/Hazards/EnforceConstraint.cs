using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER CONSTRAINT … ENFORCED proves a foreign key by reading both tables, under an ACCESS EXCLUSIVE lock (PostgreSQL manual, ALTER TABLE, since 18).</summary>
internal static class EnforceConstraint
{
    public static HazardRule Rule { get; } = new("enforce-constraint", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Scan,
        Introduced = 18,
        Why = new(
            "A foreign key that becomes ENFORCED is proved by joining both tables under an ACCESS EXCLUSIVE lock: nobody reads or writes the table meanwhile. A second one, NOT VALID, and validated later, lets both through.",
            "Une clé étrangère qui devient ENFORCED est prouvée par une jointure des deux tables sous un verrou ACCESS EXCLUSIVE : personne ne lit ni n'écrit la table entre-temps. Une seconde, NOT VALID, validée plus tard, laisse passer les deux."),
        Bad = "alter table orders add constraint orders_customer foreign key (customer_id) references customers (id) not enforced;\nalter table orders alter constraint orders_customer enforced;",
        Good = "alter table orders add constraint orders_customer_enforced foreign key (customer_id) references customers (id) not valid;\n-- in a later migration:\n-- alter table orders validate constraint orders_customer_enforced;\n-- alter table orders drop constraint orders_customer;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_AlterConstraint") && change.Command.Child("def") is { } constraint && constraint.Flag("alterEnforceability") && constraint.Flag("is_enforced")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"checks the rows of {context.Describe(table, TableWork.Scan).En}, which nobody can read meanwhile; a foreign key NOT VALID, then VALIDATE CONSTRAINT, avoids it",
                $"vérifie les lignes de {context.Describe(table, TableWork.Scan).Fr}, illisible entre-temps ; une clé étrangère NOT VALID puis VALIDATE CONSTRAINT l'évite"),
            table);
}
