using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DO: code that the plan does not look into.</summary>
internal static class DoBlock
{
    public static HazardRule Rule { get; } = new("do-block", Risk.Low, HazardEffect.Unseen, Check);

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "do")
            yield return new HazardFinding(new Text("runs a DO block, which the plan does not look into", "exécute un bloc DO, que le plan n'examine pas"));
    }
}
