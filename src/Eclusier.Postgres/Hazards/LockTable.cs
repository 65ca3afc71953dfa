using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>LOCK TABLE holds its lock until the migration commits.</summary>
internal static class LockTable
{
    public static HazardRule Rule { get; } = new("lock-table", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["LockStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "LOCK TABLE holds its lock until the migration ends, whatever the statements after it need.",
            "LOCK TABLE tient son verrou jusqu'à la fin de la migration, quels que soient les besoins des instructions suivantes."),
        Bad = "lock table orders;",
        Good = "select pg_advisory_xact_lock(42);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        node.Tree is { Type: "LockStmt" } statement
            ? statement.Items("relations").Select(TableName.Of).Select(table => new HazardFinding(
                new Text(
                    $"locks {context.Describe(table).En} until the migration commits",
                    $"verrouille {context.Describe(table).Fr} jusqu'à la validation de la migration"),
                table))
            : [];
}
