using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SECURITY DEFINER without a fixed search_path: the caller chooses which tables and functions it uses.</summary>
internal static class SecurityDefiner
{
    public static HazardRule Rule { get; } = new("security-definer", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["CreateFunctionStmt"],
        Why = new(
            "A SECURITY DEFINER function runs with its owner's rights and, without SET search_path, with the caller's search path: whoever can create objects can put his own in the way.",
            "Une fonction SECURITY DEFINER s'exécute avec les droits de son propriétaire et, sans SET search_path, avec le chemin de l'appelant : qui peut créer des objets peut y glisser les siens."),
        Bad = "create function admin_count() returns bigint language sql security definer as 'select count(*) from accounts';",
        Good = "create function admin_count() returns bigint language sql security definer set search_path = '' as 'select count(*) from public.accounts';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "CreateFunctionStmt" } function && function.OptionIsOn("options", "security") && !FixesSearchPath(function))
            yield return new HazardFinding(new Text($"{TableName.Of(function.Items("funcname"))} runs with its owner's rights and the caller's search_path; add SET search_path = ''", $"{TableName.Of(function.Items("funcname"))} s'exécute avec les droits de son propriétaire et le search_path de l'appelant ; ajoutez SET search_path = ''"));
    }

    private static bool FixesSearchPath(TreeNode function) =>
        function.Items("options").Any(option => option.Text("defname") == "set" && option.Child("arg")?.Text("name") == "search_path");
}
