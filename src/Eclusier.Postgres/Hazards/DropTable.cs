using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DROP TABLE: the table and its rows are gone.</summary>
internal static class DropTable
{
    public static HazardRule Rule { get; } = new("drop-table", Risk.High, HazardEffect.LosesData, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        DroppedObjects.Find(node, "OBJECT_TABLE", name => new HazardFinding(new Text($"drops table {context.Describe(name).En} and its rows", $"supprime la table {context.Describe(name).Fr} et ses lignes"), name));
}
