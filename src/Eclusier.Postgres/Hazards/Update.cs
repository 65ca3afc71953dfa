using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>UPDATE, also inside WITH, in MERGE and as ON CONFLICT DO UPDATE: old values are overwritten.</summary>
internal static class Update
{
    public static HazardRule Rule { get; } = new("update", Risk.Medium, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var update in DataChanges.Find(node, "UpdateStmt"))
        {
            var table = update.Table() ?? default;
            var name = context.Describe(table);
            yield return update.Has("whereClause")
                ? new HazardFinding(new Text($"overwrites values in {name.En}", $"écrase des valeurs dans {name.Fr}"), table)
                : new HazardFinding(new Text($"overwrites values in every row of {name.En}", $"écrase des valeurs dans toutes les lignes de {name.Fr}"), table, Risk.High);
        }
        foreach (var table in DataChanges.MergedInto(node, "CMD_UPDATE"))
        {
            var name = context.Describe(table);
            yield return new HazardFinding(new Text($"overwrites values in {name.En}", $"écrase des valeurs dans {name.Fr}"), table);
        }
        foreach (var insert in DataChanges.Find(node, "InsertStmt").Where(insert => insert.Field("onConflictClause")?.Text("action") == "ONCONFLICT_UPDATE"))
        {
            var table = insert.Table() ?? default;
            var name = context.Describe(table);
            yield return new HazardFinding(
                new Text($"overwrites values in rows of {name.En} that are already there", $"écrase des valeurs dans les lignes déjà présentes de {name.Fr}"), table);
        }
    }
}
