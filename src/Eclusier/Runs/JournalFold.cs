using Eclusier.Catalog;
using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>Journal entries -> the record of the run.</summary>
internal static class JournalFold
{
    public static RunRecord Apply(RunRecord record, JournalEntry entry)
    {
        var next = record with
        {
            Resumed = record.Resumed + (entry.Event == RunEvent.RunResumed ? 1 : 0),
            Inspection = entry.Inspection ?? record.Inspection,
            Plan = entry.Plan ?? record.Plan,
            Rollback = entry.Rollback ?? record.Rollback,
            Restore = entry.Restore ?? record.Restore,
            Baseline = entry.Baseline ?? record.Baseline,
            Backup = entry.Backup ?? record.Backup,
            Rehearsal = entry.Rehearsal ?? record.Rehearsal,
            Decision = entry.Decision ?? record.Decision,
            Invariants = entry.Invariants ?? record.Invariants,
            Checks = entry.Checks ?? record.Checks,
            After = entry.After ?? record.After,
            Reference = entry.Reference ?? record.Reference,
            BackupAfter = entry.BackupAfter ?? record.BackupAfter,
            Compared = entry.Compared ?? record.Compared,
            Comparisons = entry.Comparisons ?? record.Comparisons,
            Changes = With(record.Changes, entry.Changes),
            RehearsedChanges = With(record.RehearsedChanges, entry.RehearsedChanges),
            Timeline = Timeline(record, entry),
        };
        if (entry.Step is { } step)
            next = next with { Steps = WithStep(next.Steps, step) };
        if (entry.Hook is { } hook)
            next = next with { Hooks = [.. next.Hooks, hook] };
        if (entry.Problem is { } problem)
            next = next with { Problems = [.. next.Problems, problem] };
        // What is measured later may change the verdict, and not when the run ended.
        var finished = entry.Event == RunEvent.Compared ? record.FinishedAt : entry.At;
        return entry.Outcome is { } outcome ? next with { Outcome = outcome, FinishedAt = finished } : next;
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<CatalogChange>> With(IReadOnlyDictionary<string, IReadOnlyList<CatalogChange>> known, StepChanges? changes) =>
        changes is null ? known : new Dictionary<string, IReadOnlyList<CatalogChange>>(known, StringComparer.Ordinal) { [changes.Migration] = changes.Changes };

    private static IReadOnlyList<StepResult> WithStep(IReadOnlyList<StepResult> steps, StepResult step)
    {
        var known = steps.ToList();
        var index = known.FindIndex(other => other.Migration == step.Migration && other.Kind == step.Kind);
        if (index < 0)
            known.Add(step);
        else
            known[index] = step;
        return known;
    }

    private static IReadOnlyList<PhaseTime> Timeline(RunRecord record, JournalEntry entry) => (entry.Event, entry.Phase) switch
    {
        (RunEvent.PhaseStarted, { } phase) => [.. record.Timeline, new PhaseTime(phase, entry.At, null)],
        (RunEvent.PhaseFinished, { } phase) => record.Timeline
            .Select((time, index) => index == record.Timeline.Count - 1 && time.Phase == phase ? time with { DurationMs = entry.DurationMs } : time)
            .ToList(),
        _ => record.Timeline,
    };
}
