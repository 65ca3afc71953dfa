using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP OWNED: everything that a role owns is gone.</summary>
internal static class DropOwned
{
    public static HazardRule Rule { get; } = new("drop-owned", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropOwnedStmt"],
        Why = new(
            "Everything that a role owns in this database is gone, tables and rows included.",
            "Tout ce qu'un rôle possède dans cette base disparaît, tables et lignes comprises."),
        Bad = "drop owned by reader;",
        Good = "reassign owned by reader to current_user;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropOwnedStmt" } drop)
        {
            var roles = string.Join(", ", drop.Items("roles").Select(role => role.Text("rolename")));
            yield return new HazardFinding(new Text($"drops everything that {roles} owns", $"supprime tout ce que possède {roles}"));
        }
    }
}
