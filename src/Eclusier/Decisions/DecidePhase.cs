using Eclusier.Checks;
using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Decisions;

/// <summary>Computes go or no-go from the evidence, asks for approval where it is needed, and takes the invariants' values before.</summary>
internal static class DecidePhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Decide, async () =>
    {
        var plan = run.Record.Plan!;
        var checks = await CheckRunner.RunAsync(run.Runbook.Checks, CheckMoment.Before, run.Target, cancellationToken);
        var decision = await Consent.AskAsync(run, DecisionMaker.Decide(await OfAsync(run, checks, cancellationToken)), run.Environment.Protected, cancellationToken);
        if (decision.Outcome == Outcome.Go && TookTime(run, checks, decision))
            decision = await StillTheSameAsync(run, decision, cancellationToken);
        var invariants = decision.Outcome == Outcome.Go
            ? await InvariantRunner.CaptureAsync(run.Runbook.Invariants, run.Target, cancellationToken)
            : [];
        return new JournalEntry { Decision = decision, Invariants = invariants };
    });

    /// <summary>What needs neither backup nor rehearsal.</summary>
    public static async Task<bool> GateIsOpenAsync(RunContext run, CancellationToken cancellationToken) =>
        await Gate.IsOpenAsync(run, run.Record.Plan!.Id, DecisionMaker.Known(await OfAsync(run, checks: [], cancellationToken)), run.Environment.Protected);

    private static async Task<DecisionFacts> OfAsync(RunContext run, IReadOnlyList<CheckResult> checks, CancellationToken cancellationToken)
    {
        var plan = run.Record.Plan!;
        return new DecisionFacts(run.Runbook, run.Environment, run.Record.Inspection!, plan, run.Record.Backup, run.Record.Rehearsal, checks, run.Time.GetUtcNow())
        {
            Preconditions = await run.Target.PreconditionsAsync(plan, run.Runbook, cancellationToken),
        };
    }

    /// <summary>Something was done or waited for since the plan was made: there was more between the two than between the second and what follows it.</summary>
    private static bool TookTime(RunContext run, IReadOnlyList<CheckResult> checks, Decision decision) =>
        run.Record.Backup is not null || run.Record.Rehearsal is not null || checks.Count > 0 || decision.Approval is not { How: ApprovalKind.YesOption };

    /// <summary>Time has passed since the plan was made: the files and the database must still be what was approved.</summary>
    private static async Task<Decision> StillTheSameAsync(RunContext run, Decision decision, CancellationToken cancellationToken)
    {
        var now = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken);
        return now.Id == decision.PlanId
            ? decision
            : decision.With(new Criterion("unchanged", new Text("Nothing changed since the plan", "Rien n'a changé depuis le plan"), Verdict.Failed,
                new Text($"the plan was {decision.PlanId} and would now be {now.Id}", $"le plan était {decision.PlanId} et serait maintenant {now.Id}"),
                new Text("A file or the database changed meanwhile. Run `migrate` again.", "Un fichier ou la base a changé entre-temps. Relancez `migrate`.")));
    }
}
