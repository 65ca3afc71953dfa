using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Decisions;

/// <summary>Is the plan sound, and does the policy permit it?</summary>
internal static class PlanCriteria
{
    public static Criterion Files(DecisionFacts evidence)
    {
        if (evidence.Runbook.Collections is not null)
            return CollectionCriteria.Chosen(evidence);
        var title = new Text("Files and tracking table agree", "Fichiers et table de suivi concordent");
        var problems = evidence.Plan.Problems.Where(problem => problem.Kind != Settlement.Problem).ToList();
        var blocking = problems.Where(problem => problem.Blocks).ToList();
        if (blocking.Count > 0)
        {
            return new Criterion("files", title, Verdict.Failed, Join(blocking),
                blocking.Select(problem => problem.Remedy).OfType<Text>().FirstOrDefault() ?? new Text(
                    "An applied migration is history: restore its file, and put the change into a new migration.",
                    "Une migration appliquée appartient à l'histoire : rétablissez son fichier et mettez le changement dans une nouvelle migration."));
        }

        return problems.Count > 0
            ? new Criterion("files", title, Verdict.Warning, Join(problems))
            : new Criterion("files", title, Verdict.Passed,
                new Text($"{evidence.Plan.Applied.Count(m => m.Success)} applied, {evidence.Plan.Steps.Count} pending", $"{evidence.Plan.Applied.Count(m => m.Success)} appliquée(s), {evidence.Plan.Steps.Count} à appliquer"));
    }

    /// <summary>Nothing where no baseline left anything to settle.</summary>
    public static IEnumerable<Criterion> Settled(DecisionFacts evidence)
    {
        var open = evidence.Plan.Problems.Where(problem => problem.Kind == Settlement.Problem).ToList();
        if (open.Count == 0)
            yield break;
        var first = open[0].Migration;
        yield return new Criterion("settled", new Text("No pending migration may have run already", "Aucune migration à appliquer n'a pu déjà être exécutée"), Verdict.Failed, Join(open),
            new Text(
                $"Look whether it has run, then say so: eclusier baseline --mark {first}=present (or {first}=absent) --because \"…\". A query under migrations.probe and another `baseline`, or migrations.skip, does it, too.",
                $"Regardez si elle a été exécutée, puis dites-le : eclusier baseline --mark {first}=present (ou {first}=absent) --because \"…\". Une requête dans migrations.probe suivie de `baseline`, ou migrations.skip, convient aussi."));
    }

    public static Criterion Policy(DecisionFacts evidence)
    {
        var title = new Text("Nothing forbidden", "Rien d'interdit");
        var (forbid, only) = (evidence.Runbook.Policy.Forbid, evidence.Runbook.Policy.Only);
        if (forbid.Count + only.Count == 0)
            return new Criterion("policy", title, Verdict.NotAsked, new Text("policy.forbid is empty", "policy.forbid est vide"));
        var breaches = Running(evidence.Plan)
            .SelectMany(step => Breaches(step, evidence.Runbook.Policy))
            .ToList();
        return breaches.Count == 0
            ? new Criterion("policy", title, Verdict.Passed, Text.Join(
            [
                .. forbid.Count > 0 ? [new Text($"no {string.Join(", ", forbid)}", $"ni {string.Join(", ", forbid)}")] : Array.Empty<Text>(),
                .. only.Count > 0 ? [new Text($"only {string.Join(", ", only)}", $"seulement {string.Join(", ", only)}")] : Array.Empty<Text>(),
            ]))
            : new Criterion("policy", title, Verdict.Failed, Text.Same(string.Join("; ", breaches)),
                new Text("Change the migration, or add policy.allow with the reason.", "Modifiez la migration, ou ajoutez policy.allow avec la raison."));
    }

    /// <summary>Forbidden are hazards, and whole kinds of statements, or all but some; one place is named once.</summary>
    private static IEnumerable<string> Breaches(Step step, Policy policy)
    {
        var hazards = step.Hazards
            .Where(hazard => policy.Forbid.Contains(hazard.Rule) && hazard.AllowedBecause is null)
            .Select(hazard => (hazard.Rule, hazard.Line, Place: step.Place(hazard)));
        var statements = step.Statements
            .Where(statement => statement.Control is null && (Names(policy.Forbid, statement.Kind) || (policy.Only.Count > 0 && !Names(policy.Only, statement.Kind))) && !step.Hazards.Any(hazard => hazard.Rule == statement.Kind && hazard.AllowedBecause is not null))
            .Select(statement => (Rule: statement.Kind, statement.Line, Place: step.Place(statement)));
        return hazards.Concat(statements).Distinct().OrderBy(breach => breach.Line).Select(breach => $"{breach.Rule}: {breach.Place}");
    }

    /// <summary>A kind, or the wider one that it belongs to: ADD COLUMN is ALTER TABLE.</summary>
    private static bool Names(IReadOnlyList<string> kinds, string kind) =>
        kinds.Contains(kind) || (kind.StartsWith("alter-table-", StringComparison.Ordinal) && kinds.Contains("alter-table"));

    public static Criterion MaxRisk(DecisionFacts evidence)
    {
        var title = new Text("Risk within bounds", "Risque acceptable");
        var steps = Running(evidence.Plan).ToList();
        var highest = steps.Count == 0 ? Risk.Low : steps.Max(step => step.Risk);
        if (evidence.Runbook.Policy.MaxRisk is not { } limit)
            return new Criterion("risk", title, Verdict.NotAsked, new Text($"highest: {highest.Name().En}; policy.max_risk is not set", $"maximum : {highest.Name().Fr} ; policy.max_risk n'est pas défini"));
        var above = steps.Where(step => step.Risk > limit).ToList();
        return above.Count == 0
            ? new Criterion("risk", title, Verdict.Passed, new Text($"highest: {highest.Name().En}, allowed: {limit.Name().En}", $"maximum : {highest.Name().Fr}, permis : {limit.Name().Fr}"))
            : new Criterion("risk", title, Verdict.Failed,
                Text.Join(above.Select(step => new Text(
                    $"{step.Migration} is {step.Risk.Name().En}: {step.RiskReason.En}", $"{step.Migration} est {step.Risk.Name().Fr} : {step.RiskReason.Fr}"))),
                new Text("Make the migration safer, or allow its hazards by name under policy.allow.", "Rendez la migration plus sûre, ou autorisez ses dangers un par un sous policy.allow."));
    }

    private static IEnumerable<Step> Running(Plan plan) => plan.Steps.Where(step => step.SkipReason is null);

    private static Text Join(IEnumerable<PlanProblem> problems) => Text.Join(problems.Select(problem => problem.Message));
}
