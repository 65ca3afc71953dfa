using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE OR REPLACE VIEW: readers see something else from now on.</summary>
internal static class ReplaceView
{
    public static HazardRule Rule { get; } = new("replace-view", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["ViewStmt"],
        Lock = LockMode.AccessExclusive,
        On = "open_orders",
        Why = new(
            "Readers see the new definition at once. The server refuses to drop or rename columns this way, but not to change their meaning.",
            "Les lecteurs voient aussitôt la nouvelle définition. Le serveur refuse d'ôter ou de renommer des colonnes ainsi, mais pas d'en changer le sens."),
        Bad = "create or replace view open_orders as select id, customer_id from orders where status in ('open', 'new');",
        Good = "create view open_orders_2 as select id, customer_id from orders where status in ('open', 'new');",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "ViewStmt" } view && view.Flag("replace") && view.Table("view") is { } name)
            yield return new HazardFinding(new Text($"replaces view {name}, if it exists: its readers see the new one", $"remplace la vue {name}, si elle existe : ses lecteurs voient la nouvelle"));
    }
}
