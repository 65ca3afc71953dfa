using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DETACH PARTITION without CONCURRENTLY locks the whole partitioned table.</summary>
internal static class DetachPartition
{
    public static HazardRule Rule { get; } = new("detach-partition", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "events",
        Since = 14,
        Why = new(
            "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partitioned table: every query on any partition waits. CONCURRENTLY does it in two transactions and lets them through.",
            "DETACH PARTITION prend un verrou ACCESS EXCLUSIVE sur la table partitionnée : toute requête sur n'importe quelle partition attend. CONCURRENTLY le fait en deux transactions et les laisse passer."),
        Bad = "alter table events detach partition events_2026;",
        Good = "alter table events detach partition events_2026 concurrently;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_DetachPartition") && change.Command.Child("def") is { } partition && !partition.Flag("concurrent")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"locks {table} with all its partitions; DETACH PARTITION … CONCURRENTLY does not",
                $"verrouille {table} avec toutes ses partitions ; DETACH PARTITION … CONCURRENTLY ne le fait pas"),
            table,
            Remedy: change.Command.Child("def")!.Table("name") is { } part ? Remedies.Detach(node.Tree!, part, context) : null);
}
