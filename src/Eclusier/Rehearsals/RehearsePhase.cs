using System.Diagnostics;
using Eclusier.Catalog;
using Eclusier.Checks;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Planning;
using Eclusier.Runs;
using Eclusier.Snapshots;

namespace Eclusier.Rehearsals;

/// <summary>Runs the plan on the restored copy, statement by statement, with the runbook's invariants and checks.</summary>
internal static class RehearsePhase
{
    public static async Task RunAsync(RunContext run, RestoredCopy copy, CancellationToken cancellationToken)
    {
        if (run.Runbook.Rehearsal is null || run.Record.Plan is not { } plan)
            return;
        await run.PhaseAsync(Phase.Rehearse, async () =>
        {
            if (copy.Database is null && run.Runbook.Backup is null)
                await CopyTargetAsync(run, copy, cancellationToken);
            return new JournalEntry { Rehearsal = await RehearseAsync(run, plan, copy, cancellationToken) };
        });
    }

    private static async Task<Rehearsal?> RehearseAsync(RunContext run, Plan plan, RestoredCopy copy, CancellationToken cancellationToken)
    {
        if (copy.Database is not { } database)
            return null;
        var started = Stopwatch.GetTimestamp();
        var before = await InvariantRunner.CaptureAsync(run.Runbook.Invariants, database, cancellationToken);
        var (steps, rehearsed) = await ApplyAsync(run, plan, database, cancellationToken);
        var failed = steps.Any(step => step.Status == StepStatus.Failed);
        var invariants = failed ? [] : await InvariantRunner.CompareAsync(run.Runbook.Invariants, before, database, cancellationToken);
        var checks = failed ? [] : await CheckRunner.RunAsync(run.Runbook.Checks, CheckMoment.Rehearsal, database, cancellationToken);
        var reference = failed ? null : await ReferenceCheck.CompareAsync(run.Runbook, run.Environment, run.Snapshots, database, cancellationToken);
        var passed = !failed && reference is not { Differs: true } && invariants.All(result => result.Passed || result.Skipped) && checks.All(result => result.Passed || result.Skipped);
        return new Rehearsal(passed, copy.Sandbox?.Description ?? "", steps, invariants, checks, Stopwatch.GetElapsedTime(started).TotalMilliseconds)
        {
            Predictions = Predictions.Check(plan, steps),
            Surprises = Predictions.Surprises(plan, steps),
            Reference = reference,
            Rollbacks = failed ? [] : await RollbackRehearsal.RunAsync(run, database, rehearsed, cancellationToken),
            MissingExtensions = database.MissingExtensions,
            Unlike = database.Unlike,
        };
    }

    private static async Task<(IReadOnlyList<StepResult> Results, IReadOnlyList<RehearsedStep> Rehearsed)> ApplyAsync(RunContext run, Plan plan, Database database, CancellationToken cancellationToken)
    {
        var options = new ApplyOptions(run.Runbook, run.Record.Run, run.Options.ExecutedBy, TimeStatements: true) { OnCopy = true };
        var rehearsed = new List<RehearsedStep>();
        var last = await database.SnapshotAsync(cancellationToken);
        var rows = await database.ReadRowsAsync(known: null, cancellationToken);
        var results = await ApplyAllAsync(run, plan.Steps.Where(step => step.SkipReason is null), database, options, TraceAsync, cancellationToken);
        return (results, rehearsed);

        async Task TraceAsync(Step step, StepResult result)
        {
            var (before, after) = (last, await database.SnapshotAsync(cancellationToken));
            last = after;
            var rowsBefore = rows;
            rows = await database.ReadRowsAsync(Known(step, rows), cancellationToken);
            // What an unproven step left half done is nothing to undo, and not the next one's.
            if (result.Status == StepStatus.Unproven)
                return;
            var changes = CatalogChange.Between(before, after);
            run.Write(new JournalEntry { Event = RunEvent.Evidence, RehearsedChanges = StepChanges.Of(step.Migration, changes) });
            rehearsed.Add(new RehearsedStep(step, before, after, changes) { RowsBefore = rowsBefore });
        }
    }

    /// <summary>What a step did beside its own connection may not be counted yet.</summary>
    public static RowContents? Known(Step step, RowContents? last) => step.Transactional ? last : null;

    /// <summary>Applies steps one after the other, down to the first that fails; nothing is traced.</summary>
    public static Task<IReadOnlyList<StepResult>> ApplyAllAsync(RunContext run, IReadOnlyList<Step> steps, Database database, CancellationToken cancellationToken) =>
        ApplyAllAsync(run, steps, database, new ApplyOptions(run.Runbook, run.Record.Run, run.Options.ExecutedBy) { OnCopy = true }, (_, _) => Task.CompletedTask, cancellationToken);

    private static async Task<IReadOnlyList<StepResult>> ApplyAllAsync(
        RunContext run, IEnumerable<Step> steps, Database database, ApplyOptions options, Func<Step, StepResult, Task> afterEach, CancellationToken cancellationToken)
    {
        var results = new List<StepResult>();
        var all = steps.ToList();
        foreach (var (index, step) in all.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await ApplyPhase.ApplyAsync(run, database, step, options with { Next = all.Skip(index + 1) }, cancellationToken));
            if (results[^1].Status == StepStatus.Failed)
                break;
            await afterEach(step, results[^1]);
        }

        return results;
    }

    /// <summary>A rehearsal without a backup: a dump that is used once and thrown away.</summary>
    private static Task CopyTargetAsync(RunContext run, RestoredCopy copy, CancellationToken cancellationToken) => run.InStagingAsync(async staging =>
    {
        OwnerOnly.CreateFolder(staging);
        var dump = await run.Target.DumpAsync(staging, cancellationToken);
        copy.Sandbox = await run.OpenSandboxAsync(cancellationToken);
        copy.Database = await copy.Sandbox.CreateLikeAsync(await run.SurroundingsAsync(cancellationToken), cancellationToken);
        await copy.Database.RestoreAsync(dump, staging, sameServer: false, cancellationToken);
        return copy.Database;
    });
}
