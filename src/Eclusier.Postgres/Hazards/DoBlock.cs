using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>DO: code that the plan does not look into.</summary>
internal static class DoBlock
{
    public static HazardRule Rule { get; } = new("do-block", Risk.Low, HazardEffect.Unseen, Check)
    {
        Why = new(
            "A DO block runs at once, and may do anything; what can be read in it is checked, what it builds as text is not.",
            "Un bloc DO s'exécute aussitôt et peut tout faire ; ce qui s'y lit est vérifié, ce qu'il construit comme texte ne l'est pas."),
        Bad = "do $$ begin execute 'select 1'; end $$;",
        Good = "select 1;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "do")
            yield return new HazardFinding(new Text("runs a DO block, which the plan does not look into", "exécute un bloc DO, que le plan n'examine pas"));
    }
}
