using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TABLE … RENAME TO and SET SCHEMA: clients that know the old name fail.</summary>
internal static class RenameTable
{
    public static HazardRule Rule { get; } = new("rename-table", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["RenameStmt", "AlterObjectSchemaStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "Clients that know the old name fail from the moment of the commit. A view under the old name keeps them going.",
            "Les clients qui connaissent l'ancien nom échouent dès la validation. Une vue sous l'ancien nom leur suffit."),
        Bad = "alter table orders rename to purchases;",
        Good = "create view purchases as select * from orders;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "RenameStmt" } rename && rename.Text("renameType") is "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_FOREIGN_TABLE" && rename.Table() is { } table)
        {
            yield return new HazardFinding(
                new Text($"renames {table} to {rename.Text("newname")}: clients that use the old name fail", $"renomme {table} en {rename.Text("newname")} : les clients qui utilisent l'ancien nom échouent"),
                table);
        }
        else if (node.Tree is { Type: "AlterObjectSchemaStmt" } move && move.Text("objectType") is "OBJECT_TABLE" or "OBJECT_VIEW" or "OBJECT_MATVIEW" or "OBJECT_FOREIGN_TABLE" or "OBJECT_SEQUENCE" && move.Table() is { } moved)
        {
            yield return new HazardFinding(
                new Text(
                    $"moves {moved} to schema {move.Text("newschema")}: clients that look for it where it was fail",
                    $"déplace {moved} dans le schéma {move.Text("newschema")} : les clients qui le cherchent à son ancienne place échouent"),
                moved);
        }
    }
}
