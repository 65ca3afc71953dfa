using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TYPE … RENAME VALUE: clients that write or compare the old value fail.</summary>
internal static class RenameEnumValue
{
    public static HazardRule Rule { get; } = new("rename-enum-value", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["AlterEnumStmt"],
        Why = new(
            "Clients that send the old value fail, and those that compare with it silently find nothing.",
            "Les clients qui envoient l'ancienne valeur échouent, et ceux qui comparent avec elle ne trouvent plus rien, sans erreur."),
        Bad = "alter type mood rename value 'glad' to 'happy';",
        Good = "comment on type mood is 'glad is shown as happy';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "alter-type-rename-value" && node.Tree is { } change)
            yield return new HazardFinding(new Text($"renames enum value '{change.Text("oldVal")}' to '{change.Text("newVal")}': clients that know the old one fail", $"renomme la valeur d'enum « {change.Text("oldVal")} » en « {change.Text("newVal")} » : les clients qui connaissent l'ancienne échouent"));
    }
}
