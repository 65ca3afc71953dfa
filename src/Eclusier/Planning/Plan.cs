using System.Text.Json.Serialization;
using Eclusier.Redaction;

namespace Eclusier.Planning;

/// <summary>What will run, on what, in which order.</summary>
public sealed record Plan
{
    /// <summary>Hash of what will run and on what (see <see cref="PlanId"/>). An approval names it.</summary>
    public required string Id { get; init; }

    public required string Environment { get; init; }

    /// <summary>The database without secrets: host, port and name.</summary>
    public required string Target { get; init; }

    /// <summary>Null where the plan's steps say themselves what they will find (MongoDB).</summary>
    [JsonIgnore]
    public DatabaseIdentity? Identity { get; init; }

    /// <summary>Hash of the target's tables, columns, indexes and functions when the plan was made.</summary>
    public required string SchemaFingerprint { get; init; }

    /// <summary>The pending migrations in the order to run, those to skip among them.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>What the tracking table says was applied, in the order of the layout's versions.</summary>
    public required IReadOnlyList<TrackedMigration> Applied { get; init; }

    /// <summary>Migrations whose last attempt failed, and why; they are pending all the same.</summary>
    public IReadOnlyList<TrackedMigration> Failed { get; init; } = [];

    /// <summary>Differences between files and tracking table that a decision must weigh.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; init; } = [];

    /// <summary>Nothing is to be run, and nothing is in the way.</summary>
    [JsonIgnore]
    public bool IsSettled => Steps.All(step => step.SkipReason is not null) && !Problems.Any(problem => problem.Blocks);
}

/// <summary>A row of the tracking table. Null: its layout does not record it.</summary>
/// <param name="Checksum">As the layout's tool computes it.</param>
/// <param name="Success">False: its last attempt failed.</param>
/// <param name="Error">Why it failed.</param>
public sealed record TrackedMigration(string Version, string Name, string? Checksum, DateTimeOffset? ExecutedAt, int? ExecutionTimeMs, bool Success,
    [property: JsonConverter(typeof(RedactedJson))] string? Error);

/// <param name="Kind"><c>changed</c> (an applied file's checksum differs), <c>missing</c> (applied, but no file), <c>unmet-dependency</c>,
/// <c>out-of-order</c> (older than something applied), <c>partly-replaced</c>, <c>unknown</c> (the runbook names what is not there),
/// <c>tracked-elsewhere</c> (another table has these migrations), <c>already-there</c> (pending ones create what exists), <c>shared-version</c>,
/// <c>callback</c>, <c>baseline-migration</c> (what another tool would do), <c>unsettled</c> (a baseline could not tell whether it has run),
/// <c>unsuitable-statement</c> (one that no migration may hold).</param>
/// <param name="Blocks">True when the decision must be no-go.</param>
public sealed record PlanProblem(string Kind, string Migration, Text Message, bool Blocks)
{
    /// <summary>What to do about it; null: what is to be done about any disagreement of files and tracking table.</summary>
    public Text? Remedy { get; init; }
}
