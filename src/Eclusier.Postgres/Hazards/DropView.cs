using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP VIEW: readers fail until it is back.</summary>
internal static class DropView
{
    public static HazardRule Rule { get; } = new("drop-view", Risk.Medium, HazardEffect.BreaksClients, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        new[] { "OBJECT_VIEW", "OBJECT_MATVIEW" }.SelectMany(type => DroppedObjects.Find(node, type, name => new HazardFinding(
            new Text($"drops view {name}: its readers fail", $"supprime la vue {name} : ses lecteurs échouent"), name)));
}
