using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP of what stands behind tables and clients: a trigger, a policy, a sequence, an extension.</summary>
internal static class DropHelper
{
    public static HazardRule Rule { get; } = new("drop-helper", Risk.Low, HazardEffect.BreaksClients, Check)
    {
        Statements = ["DropStmt"],
        Why = new(
            "A trigger or a policy that is gone does its work no longer, and no client notices at once; a sequence takes its counter with it, an extension its functions and types.",
            "Un déclencheur ou une politique supprimés ne font plus leur travail, sans qu'aucun client le remarque aussitôt ; une séquence emporte son compteur, une extension ses fonctions et ses types."),
        Bad = "drop policy accounts_owner on accounts;",
        Good = "create policy accounts_own on accounts using (owner = current_user);",
    };

    private static readonly Dictionary<string, (Text Name, Risk Severity)> Kinds = new(StringComparer.Ordinal)
    {
        ["OBJECT_TRIGGER"] = (new Text("trigger", "le déclencheur"), Risk.Low),
        ["OBJECT_POLICY"] = (new Text("policy", "la politique"), Risk.Low),
        ["OBJECT_RULE"] = (new Text("rule", "la règle"), Risk.Low),
        ["OBJECT_SEQUENCE"] = (new Text("sequence", "la séquence"), Risk.Medium),
        ["OBJECT_EXTENSION"] = (new Text("extension", "l'extension"), Risk.Medium),
        ["OBJECT_PUBLICATION"] = (new Text("publication", "la publication"), Risk.Medium),
        ["OBJECT_PROCEDURE"] = (new Text("procedure", "la procédure"), Risk.Low),
        ["OBJECT_FOREIGN_TABLE"] = (new Text("foreign table", "la table distante"), Risk.Medium),
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "DropStmt" } drop || !Kinds.TryGetValue(drop.Text("removeType"), out var kind))
            yield break;
        // With IF EXISTS in front of a CREATE of the same name, as such files are written to run twice, it only comes anew.
        foreach (var item in drop.Items("objects"))
        {
            var parts = item.Type == "List" ? item.Items("items").Select(part => part.Text("sval")).ToArray() : [DroppedObjects.Names(drop).First().Name];
            var name = parts[^1];
            if (!context.Migration.Creates(drop.Text("removeType"), name))
                yield return new HazardFinding(new Text($"drops {kind.Name.En} {name}", $"supprime {kind.Name.Fr} {name}"), OnTable(drop, parts), kind.Severity);
        }
    }

    /// <summary>A trigger, a policy or a rule is named with its table.</summary>
    private static TableName? OnTable(TreeNode drop, string[] parts) =>
        drop.Text("removeType") is "OBJECT_TRIGGER" or "OBJECT_POLICY" or "OBJECT_RULE" && parts.Length > 1 ? new TableName(parts.Length > 2 ? parts[^3] : null, parts[^2]) : null;
}
