using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP TABLE: the table and its rows are gone.</summary>
internal static class DropTable
{
    public static HazardRule Rule { get; } = new("drop-table", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "The table and its rows are gone. Renamed away first, it can come back in a moment.",
            "La table et ses lignes disparaissent. Renommée d'abord, elle peut revenir en un instant."),
        Bad = "drop table orders cascade;",
        Good = "-- first let the clients do without it, then rename it; drop it when nobody has missed it, with a backup at hand",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        DroppedObjects.Find(node, "OBJECT_TABLE", name => new HazardFinding(new Text($"drops table {context.Describe(name).En} and its rows", $"supprime la table {context.Describe(name).Fr} et ses lignes"), name));
}
