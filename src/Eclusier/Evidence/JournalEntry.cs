using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>One line of the journal: an event, and the evidence that came with it. All that is null is left out of the file.</summary>
public sealed record JournalEntry
{
    public int Sequence { get; init; }

    public DateTimeOffset At { get; init; }

    public RunEvent Event { get; init; } = RunEvent.Evidence;

    /// <summary>SHA-256 of the line before; empty on the first.</summary>
    public string Previous { get; init; } = "";

    public RunRecord? Start { get; init; }

    public Phase? Phase { get; init; }

    public double? DurationMs { get; init; }

    public Inspection? Inspection { get; init; }

    public Plan? Plan { get; init; }

    public RollbackPlan? Rollback { get; init; }

    public RestoreEvidence? Restore { get; init; }

    public Baseline? Baseline { get; init; }

    public Backup? Backup { get; init; }

    public Rehearsal? Rehearsal { get; init; }

    public Decision? Decision { get; init; }

    public StepResult? Step { get; init; }

    /// <summary>What the step changed in the catalog; kept in a file of its own, see <see cref="Definitions"/>.</summary>
    [JsonIgnore]
    public StepChanges? Changes { get; init; }

    /// <summary>What a step changed in the catalog of the restored copy; kept there as well.</summary>
    [JsonIgnore]
    public StepChanges? RehearsedChanges { get; init; }

    /// <summary>SHA-256 of the line that holds both; null when there is none.</summary>
    public string? Definitions { get; init; }

    public HookResult? Hook { get; init; }

    public IReadOnlyList<InvariantResult>? Invariants { get; init; }

    public IReadOnlyList<CheckResult>? Checks { get; init; }

    public Inspection? After { get; init; }

    public ReferenceEvidence? Reference { get; init; }

    public Backup? BackupAfter { get; init; }

    public ComparedStates? Compared { get; init; }

    public IReadOnlyList<Comparison>? Comparisons { get; init; }

    public Text? Problem { get; init; }

    /// <summary>What a step waited for, or how far it had come.</summary>
    public Text? Note { get; init; }

    public RunOutcome? Outcome { get; init; }
}
