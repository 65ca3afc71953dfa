using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A new value of an enum that is used before the transaction that adds it has ended: the server refuses.</summary>
internal static class EnumValueUsed
{
    public static HazardRule Rule { get; } = new("enum-value-used", Risk.Medium, HazardEffect.Unseen, Check)
    {
        Why = new(
            "The server takes a new value into an enum at once, and lets nobody use it before the transaction has ended (unsafe use of new value): the migration fails, at the latest where it meets rows.",
            "Le serveur ajoute aussitôt une valeur à un enum, mais interdit de l'utiliser avant la fin de la transaction (unsafe use of new value) : la migration échoue, au plus tard quand elle rencontre des lignes."),
        Bad = "alter type mood add value 'calm';\ninsert into archive.moods values ('calm'::mood);",
        Good = "alter type mood add value 'calm';\n-- and what uses it in a later migration",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (!context.Transaction.HasNewEnumValues || !context.Migration.Transactional || node.Tree is not { Type: not "AlterEnumStmt" } tree)
            yield break;
        var used = tree.Descendants("A_Const").Select(constant => constant.Field("sval")?.Text("sval")).OfType<string>().FirstOrDefault(context.Transaction.IsNewEnumValue);
        if (used is not null)
        {
            yield return new HazardFinding(new Text(
                $"uses the new enum value '{used}' in the transaction that adds it, which the server refuses",
                $"utilise la nouvelle valeur d'enum « {used} » dans la transaction qui l'ajoute, ce que le serveur refuse"));
        }
    }
}
