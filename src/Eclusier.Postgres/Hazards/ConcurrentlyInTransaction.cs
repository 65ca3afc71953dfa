using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>BEGIN around a statement that PostgreSQL refuses in a transaction.</summary>
internal static class ConcurrentlyInTransaction
{
    public static HazardRule Rule { get; } = new("concurrently-in-transaction", Risk.Medium, HazardEffect.Unseen, Check)
    {
        Why = new(
            "PostgreSQL refuses CONCURRENTLY, VACUUM and their like inside a transaction: psql and other tools stop here. Eclusier leaves such a file's BEGIN and COMMIT out and runs it statement by statement: SET LOCAL has no effect in it, and what was done before a failure stays.",
            "PostgreSQL refuse CONCURRENTLY, VACUUM et leurs semblables dans une transaction : psql et les autres outils s'arrêtent là. Eclusier ignore BEGIN et COMMIT d'un tel fichier et l'exécute instruction par instruction : SET LOCAL y est sans effet, et ce qui précède un échec reste fait."),
        Bad = "begin;\ncreate index concurrently orders_customer on orders (customer_id);\ncommit;",
        Good = "create index concurrently orders_customer on orders (customer_id);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (!context.Migration.AsksForTransaction || !TransactionBlocks.Refuses(node))
            yield break;
        var what = node.Kind == "alter-table" ? "DETACH PARTITION CONCURRENTLY" : node.Kind.Replace('-', ' ').ToUpperInvariant();
        yield return new HazardFinding(new Text(
            $"{what} cannot run in the transaction that BEGIN asks for",
            $"{what} ne peut pas s'exécuter dans la transaction que BEGIN demande"));
    }
}
