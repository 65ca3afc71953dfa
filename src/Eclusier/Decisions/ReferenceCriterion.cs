using Eclusier.Evidence;
using Eclusier.Snapshots;

namespace Eclusier.Decisions;

/// <summary>Would the target equal its reference?</summary>
internal static class ReferenceCriterion
{
    /// <returns>None where the runbook names no reference.</returns>
    public static IEnumerable<Criterion> All(DecisionFacts evidence)
    {
        if (ReferenceCheck.NameOf(evidence.Runbook, evidence.Environment) is not { } name)
            yield break;
        var title = new Text($"Equals {name} afterwards", $"Identique à {name} ensuite");
        yield return evidence.Rehearsal?.Reference switch
        {
            null => new Criterion("reference", title, Verdict.NotAsked, evidence.Runbook.Rehearsal is null
                ? new Text("no rehearsal was asked for: compared after the migrations", "aucune répétition demandée : comparée après les migrations")
                : new Text("the rehearsal did not come so far", "la répétition n'est pas allée jusque-là")),
            { Comparison: null, Problem: { } problem } => new Criterion("reference", title, evidence.Runbook.Environments.ContainsKey(name) ? Verdict.Warning : Verdict.NotAsked, problem),
            { Differs: true } found => new Criterion("reference", title, Verdict.Failed, found.Differences,
                new Text("Add a migration, or name it under `ignore`.", "Ajoutez une migration, ou nommez-le sous `ignore`.")),
            _ => new Criterion("reference", title, Verdict.Passed, new Text("the restored copy does, after the plan", "la copie restaurée l'est, une fois le plan appliqué")),
        };
    }
}
