using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DELETE, also inside WITH.</summary>
internal static class Delete
{
    public static HazardRule Rule { get; } = new("delete", Risk.High, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from delete in DataChanges.Find(node, "DeleteStmt")
        let table = delete.Table() ?? default
        let name = context.Describe(table)
        select new HazardFinding(
            delete.Has("whereClause")
                ? new Text($"deletes rows of {name.En}", $"supprime des lignes de {name.Fr}")
                : new Text($"deletes all rows of {name.En}", $"supprime toutes les lignes de {name.Fr}"),
            table);
}
