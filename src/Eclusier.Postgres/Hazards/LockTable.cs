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
            "LOCK TABLE holds its lock until the migration ends, whatever the statements after it need. The modes up to SHARE UPDATE EXCLUSIVE let others write.",
            "LOCK TABLE tient son verrou jusqu'à la fin de la migration, quels que soient les besoins des instructions suivantes. Les modes jusqu'à SHARE UPDATE EXCLUSIVE laissent écrire les autres."),
        Bad = "lock table orders;",
        Good = "-- let each statement take the lock that it needs; against a second run of the same work, an advisory lock blocks nobody else",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        node.Tree is { Type: "LockStmt" } statement
            && Mode(statement) is var mode && mode.BlocksWrites()
            ? statement.Items("relations").Select(TableName.Of).Select(table => new HazardFinding(
                new Text(
                    $"locks {context.Describe(table).En} in {mode.Name()} until the migration commits",
                    $"verrouille {context.Describe(table).Fr} en {mode.Name()} jusqu'à la validation de la migration"),
                table)
            {
                Lock = mode,
            })
            : [];

    /// <summary>The grammar numbers the modes from 1, weakest first.</summary>
    internal static LockMode Mode(TreeNode statement) =>
        statement.Has("mode") ? (LockMode)(statement.Fields.GetProperty("mode").GetInt32() - 1) : LockMode.AccessExclusive;
}
