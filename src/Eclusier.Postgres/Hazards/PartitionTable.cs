using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A table in use becomes partitioned: nobody waits, but its primary key is another one afterwards.</summary>
internal static class PartitionTable
{
    public static HazardRule Rule { get; } = new("partition-table", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Why = new(
            "The primary key of a partitioned table must hold the column that tells the partition. The old key alone is unique no longer: ON CONFLICT (id) fails, other tables cannot refer to it, and the same id may be given twice. While rows are moved, the table needs its size in free space once more.",
            "La clé primaire d'une table partitionnée doit contenir la colonne qui désigne la partition. L'ancienne clé seule n'est plus unique : ON CONFLICT (id) échoue, d'autres tables ne peuvent plus y renvoyer, et le même id peut être donné deux fois. Pendant le déplacement des lignes, la table demande une seconde fois sa taille en espace libre."),
        Bad = "-- eclusier: partition orders\nselect 'what other tools run';\n-- eclusier: end partition",
        Good = "create index concurrently orders_total on orders (total);\n-- an index, and deleting old rows in batches, may be all that is needed",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Statement.Partition is not { Phase: PartitionPhase.Prepare } partitioning || TableName.Read(partitioning.Table) is not { } table)
            yield break;
        var how = partitioning.Settings is { } settings ? new Text($" by {settings.Every.ToString().ToLowerInvariant()} of {settings.By}", $" par {Interval(settings.Every)} de {settings.By}") : Text.Same("");
        yield return new HazardFinding(
            new Text(
                $"{context.Describe(table).En} becomes partitioned{how.En}: its primary key alone is unique no longer, and it needs its size once more until the former table is dropped",
                $"{context.Describe(table).Fr} devient partitionnée{how.Fr} : sa clé primaire seule n'est plus unique, et il faut une seconde fois sa taille jusqu'à la suppression de l'ancienne table"),
            table);
    }

    private static string Interval(PartitionInterval every) => every switch
    {
        PartitionInterval.Day => "jour",
        PartitionInterval.Week => "semaine",
        PartitionInterval.Month => "mois",
        PartitionInterval.Quarter => "trimestre",
        _ => "année",
    };
}
