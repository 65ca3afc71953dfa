using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP DATABASE.</summary>
internal static class DropDatabase
{
    public static HazardRule Rule { get; } = new("drop-database", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["DropdbStmt"],
        Why = new(
            "A whole database is gone, and with it what a rollback would need.",
            "Une base entière disparaît, et avec elle ce qu'un retour arrière demanderait."),
        Bad = "drop database shop;",
        Good = "alter database shop rename to shop_old;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "DropdbStmt" } drop)
            yield return new HazardFinding(new Text($"drops database {drop.Text("dbname")}", $"supprime la base de données {drop.Text("dbname")}"));
    }
}
