using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE INDEX without CONCURRENTLY: a SHARE lock, under which nobody writes.</summary>
internal static class CreateIndex
{
    public static HazardRule Rule { get; } = new("create-index", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["IndexStmt"],
        Lock = LockMode.Share,
        Work = TableWork.Scan,
        Why = new(
            "CREATE INDEX holds a SHARE lock until the migration ends: nobody writes to the table meanwhile. CONCURRENTLY takes twice as long and lets writes through; it cannot run in a transaction, and Eclusier runs such a file statement by statement.",
            "CREATE INDEX tient un verrou SHARE jusqu'à la fin de la migration : personne n'écrit dans la table entre-temps. CONCURRENTLY dure deux fois plus et laisse passer les écritures ; il ne peut pas s'exécuter dans une transaction, et Eclusier exécute un tel fichier instruction par instruction."),
        Bad = "create index orders_customer on orders (customer_id);",
        Good = "create index concurrently orders_customer on orders (customer_id);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "IndexStmt" } index || index.Flag("concurrent") || index.Table() is not { } table)
            yield break;
        var name = context.Describe(table, TableWork.Scan);
        yield return new HazardFinding(
            new Text(
                $"blocks writes to {name.En} while the index is built; CREATE INDEX CONCURRENTLY does not",
                $"bloque les écritures dans {name.Fr} pendant la construction de l'index ; CREATE INDEX CONCURRENTLY ne bloque pas"),
            table,
            Remedy: Remedies.CreateIndex(node, context),
            // ONLY: of a partitioned table, whose partitions are left alone; nothing is built.
            Severity: index.Field("relation")?.Flag("inh") == false ? Risk.Low : null);
    }
}
