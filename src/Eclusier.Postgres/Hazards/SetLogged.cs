using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>SET LOGGED and SET UNLOGGED write the table anew.</summary>
internal static class SetLogged
{
    public static HazardRule Rule { get; } = new("set-logged", Risk.Medium, HazardEffect.Blocks, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Work = TableWork.Rewrite,
        Why = new(
            "The table and its indexes are written anew under an ACCESS EXCLUSIVE lock; an unlogged table is emptied by a crash, and missing on standbys.",
            "La table et ses index sont réécrits sous un verrou ACCESS EXCLUSIVE ; une table unlogged est vidée par un arrêt brutal et absente des réplicas."),
        Bad = "alter table orders set unlogged;",
        Good = "create unlogged table orders_import (like orders);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_SetLogged") || change.Is("AT_SetUnLogged")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"rewrites {context.Describe(table, TableWork.Rewrite).En}, which nobody can read meanwhile",
                $"réécrit {context.Describe(table, TableWork.Rewrite).Fr}, illisible entre-temps"),
            table);
}
