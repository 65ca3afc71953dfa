using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>Applies the plan one step at a time, and stops at the first error.</summary>
internal static class ApplyPhase
{
    /// <returns>False when a step or a hook failed, or when nobody can tell what became of a step.</returns>
    public static async Task<bool> RunAsync(RunContext run, CancellationToken cancellationToken)
    {
        var done = false;
        await run.PhaseAsync(Phase.Apply, async () =>
        {
            var steps = run.Record.Resumed == 0 ? run.Record.Plan!.Steps : await ResumedSteps.FindAsync(run, cancellationToken);
            done = steps is not null && await StepsAsync(run, steps, cancellationToken);
            if (done)
                await HookRunner.RunAllAsync(run, run.Runbook.Hooks.AfterApply, cancellationToken);
            return new JournalEntry();
        });
        return done;
    }

    /// <summary>The steps of a rollback or of maintenance: none is resumed, and no hook follows.</summary>
    /// <returns>False when one failed.</returns>
    public static async Task<bool> UndoAsync(RunContext run, CancellationToken cancellationToken)
    {
        var done = false;
        await run.PhaseAsync(Phase.Apply, async () =>
        {
            done = await StepsAsync(run, run.Record.Plan!.Steps, cancellationToken);
            return new JournalEntry();
        });
        return done;
    }

    private static async Task<bool> StepsAsync(RunContext run, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var recorder = new ChangeRecorder(run);
        await recorder.BeginAsync(steps, cancellationToken);
        for (var index = 0; index < steps.Count; index++)
        {
            var step = steps[index];
            if (step.SkipReason is not null)
            {
                run.Write(new JournalEntry { Event = RunEvent.StepFinished, Step = StepResult.Of(step, StepStatus.Skipped) });
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var result = await StepAsync(run, recorder, steps, index, cancellationToken);
            if (result.Status == StepStatus.Failed)
            {
                foreach (var rest in steps.Skip(index + 1))
                    run.Write(new JournalEntry { Event = RunEvent.StepPending, Step = StepResult.Of(rest, rest.SkipReason is null ? StepStatus.Pending : StepStatus.Skipped) });
                return false;
            }
        }

        return true;
    }

    private static async Task<StepResult> StepAsync(RunContext run, ChangeRecorder recorder, IReadOnlyList<Step> steps, int index, CancellationToken stop)
    {
        var (step, number) = (steps[index], index + 1);
        run.Observer.StepStarted(step, number, steps.Count);
        run.Write(new JournalEntry { Event = RunEvent.StepStarted, Step = StepResult.Of(step, StepStatus.Pending) }, durable: !step.Transactional);
        var options = new ApplyOptions(run.Runbook, run.Record.Run, run.Options.ExecutedBy, Waiting: run.Note) { Random = run.Options.Random, Stop = stop, Next = steps.Skip(number) };

        // Not cancelled in the middle: Ctrl-C ends the run after this step, or where the step can be taken up again.
        var result = await ApplyAsync(run, run.Target, step, options, CancellationToken.None);
        var changes = await recorder.AfterAsync(step, CancellationToken.None);
        run.Write(new JournalEntry { Event = RunEvent.StepFinished, Step = result, Changes = changes }, durable: !step.Transactional);
        run.Observer.StepFinished(result, number, steps.Count);
        if (result.Error is { } error)
            run.Problem(Describe(step, error));
        return result;
    }

    /// <summary>On the target, or on its copy.</summary>
    public static async Task<StepResult> ApplyAsync(RunContext run, Database database, Step step, ApplyOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await database.ApplyAsync(step, options, cancellationToken);
        }
        catch (MigrationFailedException refused)
        {
            return StepResult.Refused(step, refused);
        }
    }

    private static Text Describe(Step step, StepError error) => new(
        $"{MigrationTitle.Of(step.Migration, step.Name)}: {error.Summary.En}",
        $"{MigrationTitle.Of(step.Migration, step.Name)} : {error.Summary.Fr}");
}
