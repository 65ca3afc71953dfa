using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP DATABASE.</summary>
internal static class DropDatabase
{
    public static HazardRule Rule { get; } = new("drop-database", Risk.High, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropdbStmt" } drop)
            yield return new HazardFinding(new Text($"drops database {drop.Text("dbname")}", $"supprime la base de données {drop.Text("dbname")}"));
    }
}
