using Eclusier.Evidence;

namespace Eclusier.Decisions;

/// <summary>The criteria of a go, in the order in which a person would ask for them. One failed criterion is a no-go.</summary>
public static class DecisionMaker
{
    public static Decision Decide(DecisionFacts evidence)
    {
        Criterion[] criteria =
        [
            .. Known(evidence),
            .. BackupCriteria.All(evidence),
            .. RehearsalCriteria.All(evidence),
            .. ExtensionCriteria.All(evidence),
            .. ReferenceCriterion.All(evidence),
            TargetCriteria.ChecksBefore(evidence),
        ];
        return Of(evidence.Plan.Id, criteria);
    }

    /// <summary>Those that need neither backup nor rehearsal.</summary>
    public static IEnumerable<Criterion> Known(DecisionFacts evidence) =>
    [
        TargetCriteria.Environment(evidence),
        TargetCriteria.Server(evidence),
        TargetCriteria.Traffic(evidence),
        PlanCriteria.Files(evidence),
        .. PlanCriteria.Settled(evidence),
        PlanCriteria.Policy(evidence),
        PlanCriteria.MaxRisk(evidence),
        .. evidence.Preconditions,
        .. DiskCriterion.All(evidence),
    ];

    public static Decision Of(string planId, IEnumerable<Criterion> criteria)
    {
        Criterion[] all = [.. criteria];
        return new Decision(OutcomeOf(all), planId, all);
    }

    /// <summary>The decision with one more criterion, which may turn it into a no-go.</summary>
    public static Decision With(this Decision decision, Criterion criterion)
    {
        Criterion[] criteria = [.. decision.Criteria, criterion];
        return decision with { Criteria = criteria, Outcome = OutcomeOf(criteria) };
    }

    private static Outcome OutcomeOf(IEnumerable<Criterion> criteria) =>
        criteria.Any(criterion => criterion.Verdict == Verdict.Failed) ? Outcome.NoGo : Outcome.Go;
}
