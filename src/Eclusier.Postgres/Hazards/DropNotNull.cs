using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP NOT NULL: readers meet nulls that could not be there.</summary>
internal static class DropNotNull
{
    public static HazardRule Rule { get; } = new("drop-not-null", Risk.Low, HazardEffect.BreaksClients, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        On = "customers",
        Why = new(
            "Clients written when the column could not be null meet nulls. Going back means reading every row again.",
            "Des clients écrits quand la colonne ne pouvait être nulle rencontrent des nulls. Revenir en arrière oblige à relire chaque ligne."),
        Bad = "alter table customers alter column name drop not null;",
        Good = "alter table customers alter column name set default '';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_DropNotNull")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"readers of {table}.{change.Command.Text("name")} may meet nulls",
                $"les lecteurs de {table}.{change.Command.Text("name")} peuvent rencontrer des nulls"),
            table);
}
