namespace Eclusier.Evidence;

/// <summary>The runs of several maintenance jobs, in their order.</summary>
public sealed record JobRuns(IReadOnlyList<RunRecord> Jobs);
