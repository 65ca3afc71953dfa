namespace Eclusier.Evidence;

/// <summary>The runs of a runbook that changes two databases, in their order; one that never began is left out.</summary>
public sealed record MixedRuns(IReadOnlyList<RunRecord> Runs);
