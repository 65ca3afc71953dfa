using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A statement that the parser does not know.</summary>
internal static class Unclassified
{
    public static HazardRule Rule { get; } = new("unclassified", Risk.Medium, HazardEffect.Unseen, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is null)
            yield return new HazardFinding(new Text($"statement on line {node.Statement.Line} is not understood by the parser: review it", $"instruction ligne {node.Statement.Line} non comprise par l'analyseur : à relire"));
    }
}
