using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Decisions;

/// <summary>Can the chosen collections be copied as the runbook says?</summary>
internal static class CollectionCriteria
{
    public static Criterion Chosen(DecisionFacts evidence)
    {
        var title = new Text("Collections are as the runbook says", "Collections conformes au runbook");
        var problems = evidence.Plan.Problems;
        var said = Text.Join(problems.Select(problem => problem.Message));
        if (problems.Any(problem => problem.Blocks))
            return new Criterion("collections", title, Verdict.Failed, said, new Text("Mend the section `collections` of the runbook, or the documents.", "Corrigez la section `collections` du runbook, ou les documents."));
        if (problems.Count > 0)
            return new Criterion("collections", title, Verdict.Warning, said);
        int Of(CollectionAction action) => evidence.Plan.Steps.Count(step => step.Collection?.Action == action);
        return new Criterion("collections", title, Verdict.Passed, new Text(
            $"{Of(CollectionAction.New)} new, {Of(CollectionAction.Replace)} to replace, {Of(CollectionAction.Unchanged)} unchanged",
            $"{French.Count(Of(CollectionAction.New), "nouvelle")}, {Of(CollectionAction.Replace)} à remplacer, {French.Count(Of(CollectionAction.Unchanged), "inchangée")}"));
    }
}
