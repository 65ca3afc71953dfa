using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>REFRESH MATERIALIZED VIEW without CONCURRENTLY: readers wait.</summary>
internal static class RefreshMaterializedView
{
    public static HazardRule Rule { get; } = new("refresh-materialized-view", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["RefreshMatViewStmt"],
        Lock = LockMode.AccessExclusive,
        On = "order_totals",
        Work = TableWork.Rewrite,
        Why = new(
            "REFRESH holds an ACCESS EXCLUSIVE lock while the query runs: nobody reads the view. CONCURRENTLY needs a unique index on it, and lets readers through.",
            "REFRESH tient un verrou ACCESS EXCLUSIVE pendant la requête : personne ne lit la vue. CONCURRENTLY demande un index unique et laisse passer les lecteurs."),
        Bad = "refresh materialized view order_totals;",
        Good = "refresh materialized view concurrently order_totals;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "RefreshMatViewStmt" } refresh || refresh.Flag("concurrent") || refresh.Table() is not { } view)
            yield break;
        // Nobody can read it before it is filled for the first time.
        if (context.Catalog.MaterializedViews.GetValueOrDefault(context.KeyOf(view)) is { Populated: false })
            yield break;
        yield return new HazardFinding(
            refresh.Flag("skipData")
                ? new Text($"empties {view}: its readers fail until it is refreshed again", $"vide {view} : ses lecteurs échouent jusqu'au prochain rafraîchissement")
                : new Text(
                    $"nobody can read {view} while it is computed; REFRESH … CONCURRENTLY lets readers through",
                    $"{view} est illisible pendant son calcul ; REFRESH … CONCURRENTLY laisse passer les lecteurs"),
            view,
            Remedy: Remedies.Refresh(refresh, view, context));
    }
}
