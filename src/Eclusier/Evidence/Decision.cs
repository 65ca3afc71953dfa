using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

[JsonConverter(typeof(SnakeCase<Outcome>))]
public enum Outcome
{
    Go,
    NoGo,
    NothingToDo,
}

[JsonConverter(typeof(SnakeCase<Verdict>))]
public enum Verdict
{
    Passed,
    Failed,
    /// <summary>Worth knowing, but no reason to stop.</summary>
    Warning,
    /// <summary>Not asked for by the runbook.</summary>
    NotAsked,
}

/// <summary>Go or no-go, computed from the evidence.</summary>
public sealed record Decision(Outcome Outcome, string PlanId, IReadOnlyList<Criterion> Criteria, Approval? Approval = null);

/// <param name="Id">Stable: <c>environment</c>, <c>files</c>, <c>policy</c>, <c>risk</c>, <c>backup</c>, <c>restore</c>, <c>rehearsal</c>, <c>invariants</c>, <c>checks-before</c>, <c>approval</c>, …</param>
/// <param name="Title">What it asks, in words.</param>
/// <param name="Evidence">What the verdict rests on.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Criterion(string Id, Text Title, Verdict Verdict, Text Evidence, Text? Remedy = null);
