using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>CREATE UNLOGGED TABLE: emptied by a crash.</summary>
internal static class UnloggedTable
{
    public static HazardRule Rule { get; } = new("unlogged-table", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["CreateStmt", "CreateTableAsStmt"],
        Why = new(
            "An unlogged table is emptied by a crash of the server, is not on its standbys, and comes back empty from a physical backup. Making it a logged one later rewrites it.",
            "Une table unlogged est vidée par un arrêt brutal du serveur, absente de ses réplicas, et revient vide d'une sauvegarde physique. La rendre journalisée plus tard la réécrit."),
        Bad = "create unlogged table sessions (id bigint primary key);",
        Good = "create table sessions (id bigint primary key);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        var relation = node.Tree?.Type == "CreateStmt" ? node.Tree.Field("relation") : node.Tree?.Field("into")?.Field("rel");
        if (relation?.Text("relpersistence") == "u")
            yield return new HazardFinding(new Text($"{TableName.Of(relation)} is unlogged: a crash empties it", $"{TableName.Of(relation)} est unlogged : un arrêt brutal la vide"));
    }
}
