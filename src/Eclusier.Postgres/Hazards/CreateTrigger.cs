using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE TRIGGER stops writes for a moment, and changes what each later one does.</summary>
internal static class CreateTrigger
{
    public static HazardRule Rule { get; } = new("create-trigger", Risk.Low, HazardEffect.Blocks, Check)
    {
        Statements = ["CreateTrigStmt"],
        Lock = LockMode.ShareRowExclusive,
        Why = new(
            "CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock on the table until the migration ends: writes wait. Keep it in a short migration.",
            "CREATE TRIGGER prend un verrou SHARE ROW EXCLUSIVE sur la table jusqu'à la fin de la migration : les écritures attendent. Gardez-le dans une migration courte."),
        Bad = "create trigger orders_touch before update on orders for each row execute function touch();",
        Good = "-- in a short migration of its own, with nothing behind it that takes long",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "CreateTrigStmt" } trigger && trigger.Table() is { } table)
            yield return new HazardFinding(new Text($"writes to {table} wait until the migration ends", $"les écritures dans {table} attendent la fin de la migration"), table);
    }
}
