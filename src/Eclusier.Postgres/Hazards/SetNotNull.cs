using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET NOT NULL scans the table under an ACCESS EXCLUSIVE lock, unless a valid CHECK proves it.</summary>
internal static class SetNotNull
{
    public static HazardRule Rule { get; } = new("set-not-null", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Is("AT_SetNotNull")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"scans {context.Describe(table).En}, which nobody can read meanwhile; a CHECK (… IS NOT NULL) NOT VALID, validated first, avoids it",
                $"parcourt {context.Describe(table).Fr}, illisible entre-temps ; un CHECK (… IS NOT NULL) NOT VALID, validé avant, l'évite"),
            table);
}
