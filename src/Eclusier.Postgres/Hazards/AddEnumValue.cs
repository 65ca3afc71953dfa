using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TYPE … ADD VALUE cannot be undone.</summary>
internal static class AddEnumValue
{
    public static HazardRule Rule { get; } = new("add-enum-value", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["AlterEnumStmt"],
        Why = new(
            "A value can be added to an enum, and never removed: rolling back needs a new type and a rewrite of every column. Where the list changes often, a table with a foreign key serves better.",
            "Une valeur s'ajoute à un enum et ne s'en retire jamais : revenir en arrière demande un nouveau type et la réécriture de chaque colonne. Si la liste change souvent, une table et une clé étrangère conviennent mieux."),
        Bad = "alter type mood add value 'calm' before 'glad';",
        Good = "create table moods (name text primary key);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "alter-type-add-value" && node.Tree is { } change)
            yield return new HazardFinding(new Text($"adds '{change.Text("newVal")}' to an enum, which nobody can remove again", $"ajoute « {change.Text("newVal")} » à un enum, ce que personne ne pourra retirer"));
    }
}
