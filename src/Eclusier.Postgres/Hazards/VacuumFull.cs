using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>VACUUM FULL rewrites the table under an ACCESS EXCLUSIVE lock.</summary>
internal static class VacuumFull
{
    public static HazardRule Rule { get; } = new("vacuum-full", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "VacuumStmt" } vacuum || !vacuum.OptionIsOn("options", "full"))
            return [];
        var tables = vacuum.Items("rels").Select(relation => relation.Table()).OfType<TableName>().ToArray();
        return tables.Length == 0
            ? [new HazardFinding(new Text("rewrites every table, which nobody can read meanwhile", "réécrit toutes les tables, illisibles entre-temps"))]
            : tables.Select(table => new HazardFinding(
                new Text($"rewrites {context.Describe(table).En}, which nobody can read meanwhile", $"réécrit {context.Describe(table).Fr}, illisible entre-temps"), table));
    }
}
