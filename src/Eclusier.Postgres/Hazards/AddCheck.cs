using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ADD CHECK without NOT VALID scans the table under an ACCESS EXCLUSIVE lock; so does a new column that brings one.</summary>
internal static class AddCheck
{
    public static HazardRule Rule { get; } = new("add-check", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Constraints().Any(constraint => constraint.Text("contype") == "CONSTR_CHECK" && !constraint.Flag("skip_validation"))
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"scans {context.Describe(table).En}, which nobody can read meanwhile; NOT VALID, then VALIDATE CONSTRAINT, does not",
                $"parcourt {context.Describe(table).Fr}, illisible entre-temps ; NOT VALID puis VALIDATE CONSTRAINT l'évite"),
            table);
}
