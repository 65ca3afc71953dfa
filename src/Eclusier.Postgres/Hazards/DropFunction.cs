using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP FUNCTION: callers fail.</summary>
internal static class DropFunction
{
    public static HazardRule Rule { get; } = new("drop-function", Risk.Low, HazardEffect.BreaksClients, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        DroppedObjects.Find(node, "OBJECT_FUNCTION", name => new HazardFinding(new Text($"drops function {name}: its callers fail", $"supprime la fonction {name} : ses appelants échouent")));
}
