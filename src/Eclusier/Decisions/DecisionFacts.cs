using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Decisions;

/// <summary>Everything a decision weighs. What is null was not asked for by the runbook.</summary>
public sealed record DecisionFacts(
    Runbook Runbook,
    TargetEnvironment Environment,
    Inspection Inspection,
    Plan Plan,
    Backup? Backup,
    Rehearsal? Rehearsal,
    IReadOnlyList<CheckResult> ChecksBefore,
    DateTimeOffset Now)
{
    /// <summary>What the engine knows of the plan's chances.</summary>
    public IReadOnlyList<Criterion> Preconditions { get; init; } = [];
}
