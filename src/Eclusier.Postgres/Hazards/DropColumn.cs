using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER TABLE … DROP COLUMN: the column and its values are gone.</summary>
internal static class DropColumn
{
    public static HazardRule Rule { get; } = new("drop-column", Risk.High, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Is("AT_DropColumn")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"drops column {change.Command.Text("name")} of {context.Describe(table).En} and its values",
                $"supprime la colonne {change.Command.Text("name")} de {context.Describe(table).Fr} et ses valeurs"),
            table);
}
