using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>After a crash: what is left of the approved plan, and what became of the step that was cut off.</summary>
internal static class ResumedSteps
{
    /// <returns>The steps still to apply; null when the run must stop, and the problem says why.</returns>
    public static async Task<IReadOnlyList<Step>?> FindAsync(RunContext run, CancellationToken cancellationToken)
    {
        // The journal does not hold the files' text: the statements come from a plan made now.
        var now = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken);
        var pending = now.Steps.ToDictionary(step => step.Migration, StringComparer.Ordinal);
        var left = new List<Step>();
        foreach (var step in run.Record.Plan!.Steps)
        {
            var known = run.Record.Steps.FirstOrDefault(result => result.Migration == step.Migration);
            if (known?.Status is StepStatus.Applied or StepStatus.Skipped)
                continue;
            var effect = known is null ? StepEffect.NotApplied : await run.Target.EffectAsync(step, run.Runbook, run.Record.Run, cancellationToken);
            if (effect == StepEffect.Applied)
                run.Write(new JournalEntry { Event = "step_finished", Step = StepResult.Of(step, StepStatus.Applied) });
            else if (effect == StepEffect.Unknown)
                return Stop(run, step, Undecided(step));
            else if (!pending.TryGetValue(step.Migration, out var same) || same.Checksum != step.Checksum)
                return Stop(run, step, Changed(step));
            else
                left.Add(same);
        }

        return left;
    }

    private static IReadOnlyList<Step>? Stop(RunContext run, Step step, Text problem)
    {
        run.Problem(problem);
        run.Write(new JournalEntry
        {
            Event = "step_finished",
            Step = StepResult.Of(step, StepStatus.Failed) with { Error = new StepError(problem, null, step.File) },
        });
        return null;
    }

    private static Text Undecided(Step step) => new(
        $"Nobody can tell whether {step.Migration} was applied: it was cut off outside a transaction. Look at {step.File}, finish it or undo it by hand, and record it in the tracking table.",
        $"Impossible de savoir si {step.Migration} a été appliquée : elle a été coupée hors transaction. Examinez {step.File}, terminez-la ou annulez-la à la main, et notez-la dans la table de suivi.");

    private static Text Changed(Step step) => new(
        $"{step.File} changed since the plan was approved. This run ends here; run `migrate` again for a new plan.",
        $"{step.File} a changé depuis l'approbation du plan. Cette exécution s'arrête ici ; relancez `migrate` pour un nouveau plan.");
}
