using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP FUNCTION: callers fail.</summary>
internal static class DropFunction
{
    public static HazardRule Rule { get; } = new("drop-function", Risk.Low, HazardEffect.BreaksClients, Check)
    {
        Statements = ["DropStmt"],
        Why = new(
            "Whoever calls the function fails, and so do triggers, defaults and policies that name it.",
            "Ceux qui appellent la fonction échouent, comme les déclencheurs, valeurs par défaut et politiques qui la nomment."),
        Bad = "drop function order_count();",
        Good = "create or replace function order_count() returns bigint language sql as 'select count(*) from orders where total > 0';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        DroppedObjects.Find(node, "OBJECT_FUNCTION", name => new HazardFinding(new Text($"drops function {name}: its callers fail", $"supprime la fonction {name} : ses appelants échouent")));
}
