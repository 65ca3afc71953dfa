using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP TYPE and DROP DOMAIN: columns and functions of that type go, or the statement fails.</summary>
internal static class DropType
{
    public static HazardRule Rule { get; } = new("drop-type", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["DropStmt"],
        Why = new(
            "Clients that cast to the type fail, and with CASCADE every column of that type is gone.",
            "Les clients qui convertissent vers ce type échouent, et avec CASCADE chaque colonne de ce type disparaît."),
        Bad = "drop type mood;",
        Good = "comment on type mood is 'unused, to be dropped';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        new[] { "OBJECT_TYPE", "OBJECT_DOMAIN" }.SelectMany(type => DroppedObjects.Find(node, type, name => new HazardFinding(
            new Text($"drops type {name}: casts to it fail", $"supprime le type {name} : les conversions vers lui échouent"))));
}
