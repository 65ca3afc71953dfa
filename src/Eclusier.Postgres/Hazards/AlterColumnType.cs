using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>ALTER COLUMN … TYPE: most changes rewrite the table and its indexes under an ACCESS EXCLUSIVE lock.</summary>
internal static class AlterColumnType
{
    public static HazardRule Rule { get; } = new("alter-column-type", Risk.Medium, HazardEffect.Blocks, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from change in TableChanges.Of(node)
        where change.Is("AT_AlterColumnType")
        let table = change.Table
        select new HazardFinding(
            new Text(
                $"changes the type of {change.Command.Text("name")}: may rewrite {context.Describe(table).En}, which nobody can read meanwhile",
                $"change le type de {change.Command.Text("name")} : peut réécrire {context.Describe(table).Fr}, illisible entre-temps"),
            table);
}
