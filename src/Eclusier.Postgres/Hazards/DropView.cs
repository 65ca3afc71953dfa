using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP VIEW: readers fail until it is back.</summary>
internal static class DropView
{
    public static HazardRule Rule { get; } = new("drop-view", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["DropStmt"],
        Lock = LockMode.AccessExclusive,
        On = "open_orders",
        Why = new(
            "Readers fail until the view is there again; inside one migration nobody sees the gap, but its grants are gone.",
            "Les lecteurs échouent tant que la vue n'est pas revenue ; dans une même migration personne ne voit le trou, mais ses droits sont perdus."),
        Bad = "drop view open_orders;",
        Good = "create view open_orders_2 as select id, customer_id, total from orders where status = 'open';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        new[] { "OBJECT_VIEW", "OBJECT_MATVIEW" }.SelectMany(type => DroppedObjects.Find(node, type, name => new HazardFinding(
            new Text($"drops view {name}: its readers fail", $"supprime la vue {name} : ses lecteurs échouent"), name)));
}
