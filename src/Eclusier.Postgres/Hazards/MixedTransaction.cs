using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A statement that cannot run in a transaction, beside others: a failure leaves the file half done.</summary>
internal static class MixedTransaction
{
    public static HazardRule Rule { get; } = new("mixed-transaction", Risk.Medium, HazardEffect.Unseen, Check)
    {
        Why = new(
            "With a statement that PostgreSQL refuses in a transaction, the whole file runs statement by statement. When a later one fails, those before it stay. Give it a file of its own.",
            "Avec une instruction que PostgreSQL refuse dans une transaction, tout le fichier s'exécute instruction par instruction. Si une suivante échoue, les précédentes restent. Donnez-lui un fichier à elle."),
        Bad = "alter table orders add column region text;\ncreate index concurrently orders_region on orders (region);",
        Good = "create index concurrently orders_customer on orders (customer_id);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Statement is { Transactional: false, Batch: null, Partition: null, Control: null } && context.Migration.OrdinaryStatements > 0)
            yield return new HazardFinding(new Text($"{node.Kind.Replace('-', ' ')} cannot run in a transaction: should a statement of this file fail, those before it stay", $"{node.Kind.Replace('-', ' ')} ne peut pas s'exécuter dans une transaction : si une instruction du fichier échoue, les précédentes restent"));
    }
}
