using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ATTACH PARTITION reads the new partition under an ACCESS EXCLUSIVE lock, unless a valid CHECK proves its bounds.</summary>
internal static class AttachPartition
{
    public static HazardRule Rule { get; } = new("attach-partition", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "events_2027",
        Work = TableWork.Scan,
        Why = new(
            "ATTACH PARTITION proves the bounds by reading every row of the table that is attached, under an ACCESS EXCLUSIVE lock on it (and on a default partition, which is read, too). A valid CHECK with the same bounds makes that needless.",
            "ATTACH PARTITION prouve les bornes en lisant chaque ligne de la table attachée, sous un verrou ACCESS EXCLUSIVE sur elle (et sur une partition par défaut, lue aussi). Un CHECK valide de mêmes bornes rend cela inutile."),
        Bad = "alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01');",
        Good = "alter table events_2027 add constraint events_2027_at check (at >= '2027-01-01' and at < '2028-01-01') not valid;\n-- in later migrations: validate constraint, then attach",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var change in node.TableChanges.Where(change => change.Is("AT_AttachPartition")))
        {
            if (change.Command.Child("def")?.Table("name") is not { } table || PartitionProof.Proves(context, change, table))
                continue;
            yield return new HazardFinding(
                new Text(
                    $"reads {context.Describe(table, TableWork.Scan).En}, which nobody can use meanwhile, unless a valid CHECK proves its bounds",
                    $"lit {context.Describe(table, TableWork.Scan).Fr}, inutilisable entre-temps, sauf si un CHECK valide prouve ses bornes"),
                table,
                // A constraint that nobody here has seen was validated just before: most likely the proof.
                context.Plan.Proofs.MayBeProved(table) ? Risk.Low : null,
                PartitionProof.Remedy(context, change, table));
            if (context.DefaultPartition(change.Table) is { } other)
            {
                yield return new HazardFinding(
                    new Text(
                        $"reads the default partition {context.Describe(other, TableWork.Scan).En}, too, unless a valid CHECK keeps the new rows out of it",
                        $"lit aussi la partition par défaut {context.Describe(other, TableWork.Scan).Fr}, sauf si un CHECK valide en exclut les nouvelles lignes"),
                    other,
                    Remedy: $"-- first a CHECK on {other.Sql} that excludes the rows of the new partition, as NOT VALID, then validated: with it, no row is read");
            }
        }
    }
}
