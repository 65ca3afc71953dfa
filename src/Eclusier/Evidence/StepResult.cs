using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

[JsonConverter(typeof(SnakeCase<StepStatus>))]
public enum StepStatus
{
    Pending,
    Applied,
    Skipped,
    Failed,
    /// <summary>It could not be rehearsed, because the copy's server lacks an extension; it is not applied there.</summary>
    Unproven,
}

/// <summary>What became of a step.</summary>
public sealed record StepResult
{
    /// <summary>As in <see cref="Planning.Step.Kind"/>.</summary>
    public string Kind { get; init; } = "migration";

    /// <summary>Its version, as the tracking table names it; of another kind of step, what it is about.</summary>
    public required string Migration { get; init; }

    public required string Name { get; init; }

    public string? File { get; init; }

    public string? Group { get; init; }

    public required StepStatus Status { get; init; }

    public double DurationMs { get; init; }

    /// <summary>How often it had to step back because a lock could not be had in time.</summary>
    public int LockRetries { get; init; }

    public StepError? Error { get; init; }

    /// <summary>Why it did not run, where it was skipped.</summary>
    public Text? SkipReason { get; init; }

    /// <summary>Of an unproven step: the extension for want of which <see cref="Error"/> came.</summary>
    public string? MissingExtension { get; init; }

    /// <summary>Why it is unproven; null when it is not.</summary>
    [JsonIgnore]
    public Text? WhyUnproven => Status != StepStatus.Unproven ? null : new(
        $"{Migration} {Name} is unproven without extension {MissingExtension}: {Error?.Summary.En}",
        $"{Migration} {Name} n'est pas prouvée sans l'extension {MissingExtension} : {Error?.Summary.Fr}");

    /// <summary>Of a collection: what was copied, and the proof.</summary>
    public CollectionResult? Collection { get; init; }

    /// <summary>Of a step that partitioned tables: the proof for each.</summary>
    public IReadOnlyList<PartitionResult> Partitioned { get; init => field = value ?? []; } = [];

    /// <summary>Per statement, in a rehearsal; empty otherwise.</summary>
    public IReadOnlyList<StatementTiming> Statements { get; init; } = [];

    public static StepResult Of(Step step, StepStatus status) => new()
    {
        Kind = step.Kind,
        Migration = step.Migration,
        Name = step.Name,
        File = step.File,
        Group = step.Group,
        Status = status,
        SkipReason = step.SkipReason,
    };

    /// <summary>It could not even be tried.</summary>
    public static StepResult Refused(Step step, EclusierException refusal) => Of(step, StepStatus.Failed) with { Error = StepError.Of(refusal) };
}

/// <param name="Kind">As in <see cref="Planning.Statement.Kind"/>.</param>
/// <param name="Rows">That the server says it was about; null where it says nothing.</param>
/// <param name="Trace">What it did, where the rehearsal could watch it.</param>
public sealed record StatementTiming(string Kind, int Line, double DurationMs, long? Rows, StatementTrace? Trace = null);

/// <summary>What became of a step that was started and not finished.</summary>
public enum StepEffect
{
    Applied,
    NotApplied,
    Unknown,
}
