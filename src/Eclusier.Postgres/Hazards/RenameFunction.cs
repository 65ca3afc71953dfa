using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER FUNCTION, TYPE, SCHEMA, … RENAME and SET SCHEMA: callers fail.</summary>
internal static class RenameFunction
{
    public static HazardRule Rule { get; } = new("rename-function", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["RenameStmt", "AlterObjectSchemaStmt"],
        Why = new(
            "Whoever uses a function, a type or a schema by its old name fails from the moment of the commit; functions in PL/pgSQL that use it fail when they run.",
            "Ceux qui utilisent une fonction, un type ou un schéma par son ancien nom échouent dès la validation ; les fonctions PL/pgSQL qui l'utilisent échouent à l'exécution."),
        Bad = "alter function order_count() rename to count_orders;",
        Good = "create function count_orders() returns bigint language sql as 'select order_count()';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "RenameStmt" } rename && Kind(rename.Text("renameType")) is { } renamed)
            yield return new HazardFinding(new Text($"renames {renamed.En} to {rename.Text("newname")}: whoever knows the old name fails", $"renomme {renamed.Fr} en {rename.Text("newname")} : ceux qui connaissent l'ancien nom échouent"));
        else if (node.Tree is { Type: "AlterObjectSchemaStmt" } move && Kind(move.Text("objectType")) is { } moved)
            yield return new HazardFinding(new Text($"moves {moved.En} to schema {move.Text("newschema")}: whoever looks for it by its old name fails", $"déplace {moved.Fr} dans le schéma {move.Text("newschema")} : ceux qui le cherchent sous son ancien nom échouent"));
    }

    private static Text? Kind(string objectType) => objectType switch
    {
        "OBJECT_FUNCTION" => new Text("a function", "une fonction"),
        "OBJECT_PROCEDURE" => new Text("a procedure", "une procédure"),
        "OBJECT_ROUTINE" => new Text("a routine", "une routine"),
        "OBJECT_AGGREGATE" => new Text("an aggregate", "un agrégat"),
        "OBJECT_SCHEMA" => new Text("a schema", "un schéma"),
        "OBJECT_TYPE" => new Text("a type", "un type"),
        "OBJECT_DOMAIN" => new Text("a domain", "un domaine"),
        "OBJECT_ATTRIBUTE" => new Text("an attribute of a type", "un attribut d'un type"),
        "OBJECT_EXTENSION" => new Text("an extension", "une extension"),
        _ => null,
    };
}
