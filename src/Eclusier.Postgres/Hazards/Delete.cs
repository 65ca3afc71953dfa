using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DELETE, also inside WITH and MERGE.</summary>
internal static class Delete
{
    public static HazardRule Rule { get; } = new("delete", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = DataChanges.Statements,
        Lock = LockMode.RowExclusive,
        Why = new(
            "Rows are gone. The lock is light, but every deleted row stays locked until the migration ends, and leaves a dead row behind.",
            "Des lignes disparaissent. Le verrou est léger, mais chaque ligne supprimée reste verrouillée jusqu'à la fin de la migration et laisse une ligne morte."),
        Bad = "delete from orders where status = 'cancelled';",
        Good = "alter table orders add column cancelled_at timestamptz;\n-- hide them, delete them in small batches later",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var delete in DataChanges.Find(node, "DeleteStmt"))
        {
            var table = delete.Table() ?? default;
            var name = context.Describe(table);
            yield return new HazardFinding(
                delete.Has("whereClause")
                    ? new Text($"deletes rows of {name.En}", $"supprime des lignes de {name.Fr}")
                    : new Text($"deletes all rows of {name.En}", $"supprime toutes les lignes de {name.Fr}"),
                table,
                // Whoever cuts the work into short pieces knows what he deletes.
                BoundedChange.Is(delete) ? Risk.Low : null);
        }
        foreach (var table in DataChanges.MergedInto(node, "CMD_DELETE"))
        {
            var name = context.Describe(table);
            yield return new HazardFinding(new Text($"deletes rows of {name.En}", $"supprime des lignes de {name.Fr}"), table);
        }
    }
}
