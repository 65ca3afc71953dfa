using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER COLUMN … TYPE: most changes rewrite the table and its indexes under an ACCESS EXCLUSIVE lock.</summary>
internal static class AlterColumnType
{
    public static HazardRule Rule { get; } = new("alter-column-type", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "Most changes of type write the table and its indexes anew under an ACCESS EXCLUSIVE lock. Those that only widen (varchar(50) to varchar(100) or text, numeric(8,2) to numeric(10,2)) do not, unless a CHECK or an index on an expression or with a predicate depends on the column: these are proved or built anew.",
            "La plupart des changements de type réécrivent la table et ses index sous un verrou ACCESS EXCLUSIVE. Ceux qui ne font qu'élargir (varchar(50) vers varchar(100) ou text, numeric(8,2) vers numeric(10,2)), non, sauf si un CHECK, ou un index sur une expression ou avec un prédicat, dépend de la colonne : ils sont reprouvés ou reconstruits."),
        Bad = "alter table orders alter column placed_at type date;",
        Good = "alter table orders add column placed_on date;\n-- fill it in batches, keep both in step by trigger, and switch the readers over",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var change in node.TableChanges.Where(change => change.Is("AT_AlterColumnType")))
        {
            var (table, column) = (change.Table, change.Command.Text("name"));
            var widens = context.TypeOf(table, column) is { } current && TypeChange.OnlyWidens(current, change.Command);
            var dependents = context.Catalog.Dependents[$"{context.KeyOf(table)}.{column}"].Distinct(StringComparer.Ordinal).ToArray();
            if (!widens)
            {
                yield return new HazardFinding(
                    new Text(
                        $"changes the type of {column}: may rewrite {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                        $"change le type de {column} : peut réécrire {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
                    table);
            }
            else if (dependents.Length > 0)
            {
                var names = string.Join(", ", dependents);
                yield return new HazardFinding(
                    new Text(
                        $"changes the type of {column}: reads {context.Describe(table, TableWork.Scan).En}, which nobody can use meanwhile, for what depends on the column (CHECKs are proved and indexes built anew: {names})",
                        $"change le type de {column} : lit {context.Describe(table, TableWork.Scan).Fr}, inutilisable entre-temps, pour ce qui dépend de la colonne (CHECK reprouvés, index reconstruits : {names})"),
                    table,
                    Remedy: $"-- drop {names} before, and add it again afterwards: an index CONCURRENTLY, a CHECK as NOT VALID and then VALIDATE")
                {
                    Work = TableWork.Scan,
                };
            }
        }
    }
}
