using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER FUNCTION … RENAME: callers fail.</summary>
internal static class RenameFunction
{
    public static HazardRule Rule { get; } = new("rename-function", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["RenameStmt"],
        Why = new(
            "Whoever calls the function by its old name fails from the moment of the commit; functions in PL/pgSQL that call it fail when they run.",
            "Ceux qui appellent la fonction par son ancien nom échouent dès la validation ; les fonctions PL/pgSQL qui l'appellent échouent à l'exécution."),
        Bad = "alter function order_count() rename to count_orders;",
        Good = "create function count_orders() returns bigint language sql as 'select order_count()';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "RenameStmt" } rename && rename.Text("renameType") is "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_SCHEMA" or "OBJECT_TYPE")
            yield return new HazardFinding(new Text($"renames to {rename.Text("newname")}: whoever knows the old name fails", $"renomme en {rename.Text("newname")} : ceux qui connaissent l'ancien nom échouent"));
    }
}
