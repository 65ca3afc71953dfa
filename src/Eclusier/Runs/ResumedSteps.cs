using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>
/// After a crash: what is left of the approved plan. The journal tells what was approved; what is applied is asked of the database, step by
/// step: the journal's last lines may be lost with the machine, somebody else may have finished the run, or undone a part of it.
/// </summary>
internal static class ResumedSteps
{
    /// <returns>The steps still to apply; null when the run must stop, and the problem says why.</returns>
    public static async Task<IReadOnlyList<Step>?> FindAsync(RunContext run, CancellationToken cancellationToken)
    {
        // The journal does not hold the files' text: the statements come from a plan made now.
        var now = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken);
        var pending = now.Steps.ToDictionary(step => step.Migration, StringComparer.Ordinal);
        var recorded = run.Target.HistoryOf(run.Runbook) is null ? null : now.Applied.Select(row => row.Version).ToHashSet(StringComparer.Ordinal);
        var left = new List<Step>();
        foreach (var step in run.Record.Plan!.Steps)
        {
            var known = run.Record.Steps.FirstOrDefault(result => result.Migration == step.Migration)?.Status;
            if (known == StepStatus.Skipped)
                continue;
            // A migration commits with its row, or knows how far it has come: without the row it is not applied.
            switch (recorded is null
                ? await run.Target.EffectAsync(step, run.Runbook, run.Record.Run, cancellationToken)
                : recorded.Contains(step.Migration) ? StepEffect.Applied : StepEffect.NotApplied)
            {
                case StepEffect.Applied when now.Problems.FirstOrDefault(problem => problem.Blocks && problem.Migration == step.Migration) is { } problem:
                    // It is applied, and not as it was approved: nothing of this run has failed.
                    run.Problem(problem.Message);
                    return null;
                case StepEffect.Applied when known != StepStatus.Applied:
                    run.Note(Found(step));
                    run.Write(new JournalEntry { Event = RunEvent.StepFinished, Step = StepResult.Of(step, StepStatus.Applied) });
                    break;
                case StepEffect.Applied:
                    break;
                case StepEffect.Unknown:
                    return Stop(run, step, Undecided(step));
                default:
                    if (known == StepStatus.Applied)
                        return Stop(run, step, Undone(step));
                    if (!pending.TryGetValue(step.Migration, out var same) || same.Checksum != step.Checksum)
                        return Stop(run, step, Changed(step));
                    left.Add(same);
                    break;
            }
        }

        return left;
    }

    private static IReadOnlyList<Step>? Stop(RunContext run, Step step, Text problem)
    {
        run.Problem(problem);
        run.Write(new JournalEntry
        {
            Event = RunEvent.StepFinished,
            Step = StepResult.Of(step, StepStatus.Failed) with { Error = new StepError(problem, null, step.File) },
        });
        return null;
    }

    private static Text Found(Step step) => new(
        $"{step.Migration} is applied already: the database says so, and this run's journal does not",
        $"{step.Migration} est déjà appliquée : la base le dit, et le journal de cette exécution ne le dit pas");

    private static Text Undecided(Step step) => new(
        $"Nobody can tell whether {step.Migration} was applied: it was cut off outside a transaction. Look at {step.File}, finish it or undo it by hand, and record it in the tracking table.",
        $"Impossible de savoir si {step.Migration} a été appliquée : elle a été coupée hors transaction. Examinez {step.File}, terminez-la ou annulez-la à la main, et notez-la dans la table de suivi.");

    private static Text Undone(Step step) => new(
        $"This run had applied {step.Migration}, and the database does not have it any more: it was undone, or restored from a backup. This run ends here; run `migrate` again for a new plan.",
        $"Cette exécution avait appliqué {step.Migration}, et la base ne l'a plus : elle a été annulée, ou la base restaurée d'une sauvegarde. Cette exécution s'arrête ici ; relancez `migrate` pour un nouveau plan.");

    private static Text Changed(Step step) => new(
        $"{step.File} changed since the plan was approved. This run ends here; run `migrate` again for a new plan.",
        $"{step.File} a changé depuis l'approbation du plan. Cette exécution s'arrête ici ; relancez `migrate` pour un nouveau plan.");
}
