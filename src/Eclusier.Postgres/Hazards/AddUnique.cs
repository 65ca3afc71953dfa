using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A new unique or primary key builds its index under an ACCESS EXCLUSIVE lock, unless it takes over an index.</summary>
internal static class AddUnique
{
    public static HazardRule Rule { get; } = new("add-unique", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Constraints().Any(constraint => constraint.Text("contype") is "CONSTR_UNIQUE" or "CONSTR_PRIMARY" or "CONSTR_EXCLUSION" && !constraint.Has("indexname"))
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"builds an index on {context.Describe(table).En}, which nobody can read meanwhile; CREATE UNIQUE INDEX CONCURRENTLY, then ADD … USING INDEX, avoids it",
                $"construit un index sur {context.Describe(table).Fr}, illisible entre-temps ; CREATE UNIQUE INDEX CONCURRENTLY puis ADD … USING INDEX l'évite"),
            table);
}
