using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>VACUUM FULL rewrites the table under an ACCESS EXCLUSIVE lock.</summary>
internal static class VacuumFull
{
    public static HazardRule Rule { get; } = new("vacuum-full", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["VacuumStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "VACUUM FULL writes the table anew under an ACCESS EXCLUSIVE lock. Plain VACUUM makes its dead rows reusable and lets everybody through.",
            "VACUUM FULL réécrit la table sous un verrou ACCESS EXCLUSIVE. VACUUM seul rend ses lignes mortes réutilisables et laisse passer tout le monde."),
        Bad = "vacuum full orders;",
        Good = "-- VACUUM alone makes the space reusable and blocks nobody; pg_repack gives it back to the disk online",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "VacuumStmt" } vacuum || !vacuum.OptionIsOn("options", "full"))
            return [];
        var tables = vacuum.Items("rels").Select(relation => relation.Table()).OfType<TableName>().ToArray();
        return tables.Length == 0
            ? [new HazardFinding(new Text("rewrites every table, which nobody can read meanwhile", "réécrit toutes les tables, illisibles entre-temps"))]
            : tables.Select(table => new HazardFinding(
                new Text($"rewrites {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile", $"réécrit {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"), table));
    }
}
