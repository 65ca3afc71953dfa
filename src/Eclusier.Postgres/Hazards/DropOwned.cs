using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP OWNED: everything that a role owns is gone.</summary>
internal static class DropOwned
{
    public static HazardRule Rule { get; } = new("drop-owned", Risk.High, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropOwnedStmt" } drop)
        {
            var roles = string.Join(", ", drop.Items("roles").Select(role => role.Text("rolename")));
            yield return new HazardFinding(new Text($"drops everything that {roles} owns", $"supprime tout ce que possède {roles}"));
        }
    }
}
