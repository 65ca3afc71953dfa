using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>TRUNCATE: all rows are gone, under an ACCESS EXCLUSIVE lock.</summary>
internal static class Truncate
{
    public static HazardRule Rule { get; } = new("truncate", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["TruncateStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "All rows are gone, without a trace for triggers of rows, under an ACCESS EXCLUSIVE lock.",
            "Toutes les lignes disparaissent, sans trace pour les déclencheurs de lignes, sous un verrou ACCESS EXCLUSIVE."),
        Bad = "truncate orders;",
        Good = "-- make sure of a backup; what is only old is better deleted in small batches, or kept in a partition that is detached",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        node.Tree is { Type: "TruncateStmt" } truncate
            ? truncate.Items("relations").Select(TableName.Of).Select(table => new HazardFinding(
                new Text($"empties table {context.Describe(table).En}", $"vide la table {context.Describe(table).Fr}"), table))
            : [];
}
