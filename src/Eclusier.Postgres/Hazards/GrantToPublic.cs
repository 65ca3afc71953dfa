using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>GRANT … TO PUBLIC: every role, the future ones included.</summary>
internal static class GrantToPublic
{
    public static HazardRule Rule { get; } = new("grant-to-public", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["GrantStmt"],
        Why = new(
            "PUBLIC is every role of the server, those that will be created tomorrow included. Name the roles that need it.",
            "PUBLIC, c'est chaque rôle du serveur, y compris ceux créés demain. Nommez les rôles qui en ont besoin."),
        Bad = "grant select on customers to public;",
        Good = "grant select on customers to reader;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "grant" && node.Tree is { } grant && grant.Items("grantees").Any(role => role.Text("roletype") == "ROLESPEC_PUBLIC"))
            yield return new HazardFinding(new Text("grants to PUBLIC: every role, the future ones included", "accorde à PUBLIC : chaque rôle, futurs compris"));
    }
}
