using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A policy USING (true) lets every row through.</summary>
internal static class PolicyForAll
{
    public static HazardRule Rule { get; } = new("policy-using-true", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreatePolicyStmt", "AlterPolicyStmt"],
        Why = new(
            "USING (true) or WITH CHECK (true) is row security that does not filter: for reads it may be meant (public data), for writes it hardly ever is.",
            "USING (true) ou WITH CHECK (true) est une sécurité par ligne qui ne filtre rien : pour la lecture c'est parfois voulu (données publiques), pour l'écriture presque jamais."),
        Bad = "create policy accounts_all on accounts using (true);",
        Good = "create policy accounts_own on accounts using (owner = current_user);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "CreatePolicyStmt" or "AlterPolicyStmt" } policy || !(IsTrue(policy.Child("qual")) || IsTrue(policy.Child("with_check"))))
            yield break;
        // They pass by row security anyway, and no client has them.
        if (policy.Items("roles").Select(role => role.Text("rolename")).ToArray() is { Length: > 0 } roles && roles.All(role => role is "service_role" or "postgres"))
            yield break;
        var name = policy.Text("policy_name");
        yield return new HazardFinding(
            new Text($"policy {name} lets every row through", $"la politique {name} laisse passer toutes les lignes"),
            Severity: policy.Text("cmd_name") == "select" ? Risk.Low : null);
    }

    private static bool IsTrue(TreeNode? expression) => expression is { Type: "A_Const" } constant && constant.Field("boolval")?.Flag("boolval") == true;
}
