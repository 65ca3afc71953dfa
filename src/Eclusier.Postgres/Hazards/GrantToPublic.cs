using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>GRANT … TO PUBLIC, or to the role of those who have no login, now or by default privileges.</summary>
internal static class GrantToPublic
{
    public static HazardRule Rule { get; } = new("grant-to-public", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["GrantStmt", "AlterDefaultPrivilegesStmt"],
        Why = new(
            "PUBLIC is every role of the server, those that will be created tomorrow included; anon is whoever reaches the API without a login. Name the roles that need it.",
            "PUBLIC, c'est chaque rôle du serveur, y compris ceux créés demain ; anon, c'est quiconque atteint l'API sans s'identifier. Nommez les rôles qui en ont besoin."),
        Bad = "grant select on customers to public;",
        Good = "grant select on customers to reader;",
    };

    /// <summary>Whoever has no login: the role of PostgREST and Supabase for them.</summary>
    private const string Anonymous = "anon";

    private static readonly HashSet<string> Reads = new(StringComparer.Ordinal) { "select", "usage", "execute", "connect" };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        var byDefault = node.Tree is { Type: "AlterDefaultPrivilegesStmt" };
        var grant = byDefault ? node.Tree!.Field("action") : node.Tree;
        if (grant is null || !grant.Flag("is_grant"))
            yield break;
        var grantees = grant.Items("grantees").ToArray();
        var to = byDefault ? new Text(", on everything that will be created", ", sur tout ce qui sera créé") : Text.Same("");
        if (grantees.Any(role => role.Text("roletype") == "ROLESPEC_PUBLIC"))
            yield return new HazardFinding(new Text($"grants to PUBLIC{to.En}: every role, the future ones included", $"accorde à PUBLIC{to.Fr} : chaque rôle, futurs compris"));
        else if (grantees.Any(role => role.Text("rolename") == Anonymous))
        {
            // Without a list it is ALL.
            var privileges = grant.Items("privileges").Select(privilege => privilege.Text("priv_name")).ToArray();
            yield return new HazardFinding(
                new Text($"grants to {Anonymous}{to.En}: everybody, without a login", $"accorde à {Anonymous}{to.Fr} : tout le monde, sans identification"),
                Severity: privileges.Length > 0 && privileges.All(Reads.Contains) ? Risk.Low : null);
        }
    }
}
