using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>What the command line says about a run.</summary>
public sealed record RunOptions
{
    /// <summary>The plan id given with <c>--approve</c>.</summary>
    public string? ApprovedPlan { get; init; }

    /// <summary>Answers yes to every question, except the one for a protected environment.</summary>
    public bool Yes { get; init; }

    /// <summary>What a person says of migrations that a baseline cannot judge.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Language of the report.</summary>
    public Language Language { get; init; }

    /// <summary>User and machine, for the tracking table and the report.</summary>
    public string ExecutedBy { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    public string ToolVersion { get; init; } = "";

    /// <summary>Of the run's waits. Not thread-safe.</summary>
    public Random Random { get; init; } = new();
}
