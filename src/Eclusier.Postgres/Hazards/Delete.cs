using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DELETE, also inside WITH and MERGE.</summary>
internal static class Delete
{
    public static HazardRule Rule { get; } = new("delete", Risk.High, HazardEffect.LosesData, Check);

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
                table);
        }
        foreach (var table in DataChanges.MergedInto(node, "CMD_DELETE"))
        {
            var name = context.Describe(table);
            yield return new HazardFinding(new Text($"deletes rows of {name.En}", $"supprime des lignes de {name.Fr}"), table);
        }
    }
}
