using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TABLE … RENAME COLUMN: clients that know the old name fail.</summary>
internal static class RenameColumn
{
    public static HazardRule Rule { get; } = new("rename-column", Risk.Medium, HazardEffect.BreaksClients, Check)
    {
        Statements = ["RenameStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "Clients that know the old name fail from the moment of the commit. A second column, kept in step, lets them move one by one.",
            "Les clients qui connaissent l'ancien nom échouent dès la validation. Une seconde colonne, tenue à jour, leur laisse le temps de changer."),
        Bad = "alter table orders rename column note to remark;",
        Good = "alter table orders add column remark varchar(50);",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is { Type: "RenameStmt" } rename && rename.Text("renameType") == "OBJECT_COLUMN" && rename.Table() is { } table)
        {
            var (from, to) = (rename.Text("subname"), rename.Text("newname"));
            yield return new HazardFinding(
                new Text($"renames column {from} of {table} to {to}: clients that use the old name fail", $"renomme la colonne {from} de {table} en {to} : les clients qui utilisent l'ancien nom échouent"),
                table);
        }
    }
}
