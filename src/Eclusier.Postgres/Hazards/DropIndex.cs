using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP INDEX without CONCURRENTLY needs the table for itself, for a moment.</summary>
internal static class DropIndex
{
    public static HazardRule Rule { get; } = new("drop-index", Risk.Low, HazardEffect.Blocks, Check)
    {
        Statements = ["DropStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "DROP INDEX takes an ACCESS EXCLUSIVE lock on the index's table. It is held for a moment only, but it queues behind every running query, and everybody queues behind it.",
            "DROP INDEX prend un verrou ACCESS EXCLUSIVE sur la table de l'index. Il ne dure qu'un instant, mais attend derrière chaque requête en cours, et tous attendent derrière lui."),
        Bad = "drop index orders_status;",
        Good = "drop index concurrently orders_status;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        node.Tree is { } drop && !drop.Flag("concurrent")
            ? DroppedObjects.Find(node, "OBJECT_INDEX", name => new HazardFinding(new Text(
                $"drops index {name}: its table is locked for a moment; DROP INDEX CONCURRENTLY does not lock it",
                $"supprime l'index {name} : sa table est verrouillée un instant ; DROP INDEX CONCURRENTLY ne la verrouille pas"), Remedy: Remedies.DropIndex(drop, context)))
            : [];
}
