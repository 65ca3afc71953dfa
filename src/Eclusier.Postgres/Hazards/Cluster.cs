using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CLUSTER rewrites the table under an ACCESS EXCLUSIVE lock.</summary>
internal static class Cluster
{
    public static HazardRule Rule { get; } = new("cluster", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["ClusterStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "CLUSTER writes the table and its indexes anew in the order of an index, under an ACCESS EXCLUSIVE lock.",
            "CLUSTER réécrit la table et ses index dans l'ordre d'un index, sous un verrou ACCESS EXCLUSIVE."),
        Bad = "cluster orders using orders_pkey;",
        Good = "-- leave the order as it is, or let pg_repack do it online",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "ClusterStmt" } cluster)
            yield break;
        var name = cluster.Table() is { } table ? context.Describe(table, TableWork.Rewrite) : new Text("every clustered table", "toutes les tables ordonnées");
        yield return new HazardFinding(
            new Text($"rewrites {name.En}, which nobody can read meanwhile", $"réécrit {name.Fr}, illisible entre-temps"), cluster.Table());
    }
}
