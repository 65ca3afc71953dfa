using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>UPDATE, also inside WITH, in MERGE and as ON CONFLICT DO UPDATE: old values are overwritten.</summary>
internal static class Update
{
    public static HazardRule Rule { get; } = new("update", Risk.Medium, HazardEffect.LosesData, Check)
    {
        Statements = DataChanges.Statements,
        Lock = LockMode.RowExclusive,
        Why = new(
            "Old values are overwritten. The lock is light, but every changed row stays locked until the migration ends, and the table grows by as much.",
            "Les anciennes valeurs sont écrasées. Le verrou est léger, mais chaque ligne changée reste verrouillée jusqu'à la fin de la migration, et la table grossit d'autant."),
        Bad = "update orders set status = 'open' where status is null;",
        Good = "alter table orders add column state text;\n-- fill it in a migration of its own, marked -- eclusier: batch table=orders key=id size=5000",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var update in DataChanges.Find(node, "UpdateStmt"))
        {
            var table = update.Table() ?? default;
            var (name, some, batched) = (context.Describe(table), update.Has("whereClause"), node.Statement.Batch is not null || BoundedChange.Is(update));
            var what = some
                ? new Text($"overwrites values in {name.En}", $"écrase des valeurs dans {name.Fr}")
                : new Text($"overwrites values in every row of {name.En}", $"écrase des valeurs dans toutes les lignes de {name.Fr}");
            yield return batched
                ? new HazardFinding(new Text($"{what.En}, in short batches", $"{what.Fr}, par petits lots"), table, some ? Risk.Low : Risk.Medium)
                : new HazardFinding(what, table, some ? Risk.Medium : Risk.High);
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
