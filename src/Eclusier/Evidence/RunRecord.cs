using System.Text.Json.Serialization;
using Eclusier.Catalog;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>How a run ended. Each has its exit code.</summary>
[JsonConverter(typeof(SnakeCase<RunOutcome>))]
public enum RunOutcome
{
    Done,
    NothingToDo,
    NoGo,
    MigrationFailed,
    ChecksFailed,
    /// <summary>Ended by Ctrl-C or by a fault between two steps; the next <c>migrate</c> resumes it.</summary>
    Interrupted,
}

/// <summary>
/// All the evidence of one run. Console, JSON, report and web page are views of it; it is folded from the
/// journal's entries by <c>Journal</c>.
/// </summary>
public sealed record RunRecord
{
    public RunKind Kind { get; init; }

    /// <summary>Name of the run's folder: time and environment.</summary>
    public required string Run { get; init; }

    /// <summary>The runbook's.</summary>
    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>User and machine.</summary>
    public required string ExecutedBy { get; init; }

    /// <summary>Version of Eclusier.</summary>
    public required string Tool { get; init; }

    /// <summary>How often the run was taken up again after it had been cut off.</summary>
    public int Resumed { get; init; }

    /// <summary>Null while it goes on, and when the process died.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>The target before.</summary>
    public Inspection? Inspection { get; init; }

    public Plan? Plan { get; init; }

    /// <summary>Of a rollback: the way back, and what it takes along.</summary>
    public RollbackPlan? Rollback { get; init; }

    /// <summary>Of a full rollback to a backup.</summary>
    public RestoreEvidence? Restore { get; init; }

    /// <summary>Of a baseline: what is applied, by proof.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>Of a maintenance job's run: which one.</summary>
    public JobFacts? Job { get; init; }

    public Backup? Backup { get; init; }

    public Rehearsal? Rehearsal { get; init; }

    public Decision? Decision { get; init; }

    /// <summary>What became of each step of the plan on the target.</summary>
    public IReadOnlyList<StepResult> Steps { get; init; } = [];

    /// <summary>Migration -> what it changed in the catalog; in the journal alone.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<CatalogChange>> Changes { get; init; } = new Dictionary<string, IReadOnlyList<CatalogChange>>(StringComparer.Ordinal);

    /// <summary>Migration -> what it changed in the catalog of the restored copy; in the journal alone.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<CatalogChange>> RehearsedChanges { get; init; } = new Dictionary<string, IReadOnlyList<CatalogChange>>(StringComparer.Ordinal);

    public IReadOnlyList<HookResult> Hooks { get; init; } = [];

    public IReadOnlyList<InvariantResult> Invariants { get; init; } = [];

    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    /// <summary>Its steps are about collections, not migrations.</summary>
    [JsonIgnore]
    public bool OfCollections => Inspection?.System == DatabaseSystem.MongoDb || Plan?.Steps.Any(step => step.Collection is not null) == true;

    /// <summary>A second look at the target, after the migrations.</summary>
    public Inspection? After { get; init; }

    /// <summary>The target beside the environment that it should equal; null when the runbook names none.</summary>
    public ReferenceEvidence? Reference { get; init; }

    /// <summary>Another backup, of what the migrations left; null when none was asked for or the run did not come so far.</summary>
    public Backup? BackupAfter { get; init; }

    /// <summary>Another backup was asked for, and something is wrong with it.</summary>
    [JsonIgnore]
    public bool BackupAfterFailed => Timeline.Any(time => time.Phase == Phase.BackupAfter) && (BackupAfter is not { Restore: null or { Passed: true } } || BackupAfter.Copies.Any(copy => !copy.Verified));

    /// <summary>What <see cref="Comparisons"/> were made from; null when nothing was compared.</summary>
    public ComparedStates? Compared { get; init; }

    /// <summary>The runbook's queries before and after the migrations.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; init => field = value ?? []; } = [];

    /// <summary>What went wrong or deserves attention, in the order it was found.</summary>
    public IReadOnlyList<Text> Problems { get; init; } = [];

    /// <summary>Phase by phase: when it began and how long it took.</summary>
    public IReadOnlyList<PhaseTime> Timeline { get; init; } = [];

    public ReportFiles? Report { get; init; }
}

/// <param name="On"><c>sandbox</c>, or the server's address without secrets.</param>
/// <param name="Passed">Every step applied that can be there, every invariant equal, every check passed that can be asked there, and nothing differs from the reference.</param>
public sealed record Rehearsal(
    bool Passed,
    string On,
    IReadOnlyList<StepResult> Steps,
    IReadOnlyList<InvariantResult> Invariants,
    IReadOnlyList<CheckResult> Checks,
    double DurationMs,
    Text? Problem = null)
{
    /// <summary>The plan's hazards, as far as the rehearsal could prove them.</summary>
    public IReadOnlyList<Prediction> Predictions { get; init; } = [];

    /// <summary>What the plan had not said.</summary>
    public IReadOnlyList<Surprise> Surprises { get; init; } = [];

    /// <summary>The copy, once the plan was applied, beside the environment that the target should equal.</summary>
    public ReferenceEvidence? Reference { get; init; }

    /// <summary>Whether the whole plan could be undone, and the catalog was then what it had been.</summary>
    public RollbackVerdict Rollback =>
        Rollbacks.Any(proof => proof is { Proven: false, Source: not ReversalSource.None }) ? RollbackVerdict.NotProven
        : Rollbacks.Any(proof => !proof.Proven) ? RollbackVerdict.None
        : Steps.Any(step => step.Status == StepStatus.Unproven) ? RollbackVerdict.Unproven
        : Rollbacks.Count == 0 ? RollbackVerdict.None
        : RollbackVerdict.Proven;

    /// <summary>Extensions that the copy's server lacks, and what is unproven there, what unproven steps would have made included.</summary>
    public IReadOnlyList<MissingExtension> MissingExtensions { get; init => field = value ?? []; } = [];

    /// <summary>What the copy could not have as the target has it: a locale, a setting.</summary>
    public IReadOnlyList<Text> Unlike { get; init => field = value ?? []; } = [];

    /// <summary>What is unproven, in words.</summary>
    /// <param name="counted">A restore check has told already what is not on the copy.</param>
    public IEnumerable<Text> Unproven(bool counted) =>
    [
        .. counted ? [] : MissingExtensions.Select(extension => extension.Said(On)),
        .. Steps.Select(step => step.WhyUnproven).OfType<Text>(),
        .. Invariants.Where(invariant => invariant.Skipped).Select(invariant => new Text($"invariant {invariant.Name}: {invariant.Problem?.En}", $"invariant {invariant.Name} : {invariant.Problem?.Fr}")),
        // Of SQL, a check is skipped for no other reason.
        .. Checks.Where(check => check is { Skipped: true, Kind: "sql" }).Select(check => new Text($"check {check.Name}: {check.Actual.En}", $"contrôle {check.Name} : {check.Actual.Fr}")),
    ];

    /// <summary>Migration by migration, newest first, down to the first that could not be undone.</summary>
    public IReadOnlyList<RollbackProof> Rollbacks { get; init; } = [];
}

/// <summary>A command of the runbook's <c>hooks</c>.</summary>
public sealed record HookResult(string Command, int ExitCode, double DurationMs);

/// <summary>When a phase began, and how long it took; null as long as it has not ended.</summary>
public sealed record PhaseTime(Phase Phase, DateTimeOffset StartedAt, double? DurationMs);

/// <summary>Absolute paths.</summary>
public sealed record ReportFiles(string Markdown, string Html);
