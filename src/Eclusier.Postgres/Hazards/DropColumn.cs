using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TABLE … DROP COLUMN: the column and its values are gone.</summary>
internal static class DropColumn
{
    public static HazardRule Rule { get; } = new("drop-column", Risk.High, HazardEffect.LosesData, Check)
    {
        Statements = ["AlterTableStmt"],
        Lock = LockMode.AccessExclusive,
        Why = new(
            "The column's values are gone, and clients that still read it fail. Stop using it first; drop it in a release of its own.",
            "Les valeurs de la colonne disparaissent, et les clients qui la lisent encore échouent. Cessez d'abord de l'utiliser ; supprimez-la dans une version à part."),
        Bad = "alter table orders drop column note;",
        Good = "comment on column orders.note is 'unused since 2026-03, to be dropped';",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in node.TableChanges
        where change.Is("AT_DropColumn")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"drops column {change.Command.Text("name")} of {context.Describe(table).En} and its values",
                $"supprime la colonne {change.Command.Text("name")} de {context.Describe(table).Fr} et ses valeurs"),
            table);
}
