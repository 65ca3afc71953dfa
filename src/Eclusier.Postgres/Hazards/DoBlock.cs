using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A DO block of which the plan cannot see all.</summary>
internal static class DoBlock
{
    public static HazardRule Rule { get; } = new("do-block", Risk.Low, HazardEffect.Unseen, Check)
    {
        Statements = ["DoStmt"],
        Why = new(
            "A DO block runs at once, and may do anything; what can be read in it is checked, what it builds as text is not.",
            "Un bloc DO s'exécute aussitôt et peut tout faire ; ce qui s'y lit est vérifié, ce qu'il construit comme texte ne l'est pas."),
        Bad = "do $$ begin execute format('drop table %I', 'old_' || current_user); end $$;",
        Good = "-- write the statements out, so that the plan can read them",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Kind == "do" && StatementBody.Of(node) is { Complete: false })
            yield return new HazardFinding(new Text("runs a DO block that builds statements as text: nobody can read them beforehand", "exécute un bloc DO qui construit des instructions comme texte : personne ne peut les lire d'avance"));
    }
}
