using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TABLE … RENAME COLUMN: clients that know the old name fail.</summary>
internal static class RenameColumn
{
    public static HazardRule Rule { get; } = new("rename-column", Risk.Medium, HazardEffect.BreaksClients, Check);

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
