using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A new unique or primary key builds its index under an ACCESS EXCLUSIVE lock, unless it takes over an index.</summary>
internal static class AddUnique
{
    public static HazardRule Rule { get; } = new("add-unique", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "customers",
        Work = TableWork.Scan,
        Why = new(
            "A unique, primary key or exclusion constraint builds its index under an ACCESS EXCLUSIVE lock. An index that was built CONCURRENTLY before can be taken over in a moment (exclusion constraints have no such way).",
            "Une contrainte unique, de clé primaire ou d'exclusion construit son index sous un verrou ACCESS EXCLUSIVE. Un index construit avant avec CONCURRENTLY est repris en un instant (les contraintes d'exclusion n'ont pas cette voie)."),
        Bad = "alter table customers add constraint customers_email unique (email);",
        Good = "create unique index concurrently customers_email on customers (email);\n-- in a later migration:\n-- alter table customers add constraint customers_email unique using index customers_email;",
    };

    private const string NoWay =
        "-- there is no light way for this one (an exclusion constraint, or partitions that have partitions): build it while few use the table, in a migration of its own";

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Constraints().Any(constraint => constraint.Text("contype") is "CONSTR_UNIQUE" or "CONSTR_PRIMARY" or "CONSTR_EXCLUSION" && !constraint.Has("indexname"))
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"builds an index on {context.Describe(table, TableWork.Scan).En}, which nobody can read meanwhile; CREATE UNIQUE INDEX CONCURRENTLY, then ADD … USING INDEX, avoids it",
                $"construit un index sur {context.Describe(table, TableWork.Scan).Fr}, illisible entre-temps ; CREATE UNIQUE INDEX CONCURRENTLY puis ADD … USING INDEX l'évite"),
            table,
            Remedy: AlterTableRemedy.Of(node, context) ?? NoWay);
}
