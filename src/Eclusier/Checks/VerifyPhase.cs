using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Eclusier.Snapshots;

namespace Eclusier.Checks;

/// <summary>Invariants equal before and after, the runbook's checks, and the reference, on the target itself.</summary>
internal static class VerifyPhase
{
    public static async Task<RunOutcome> RunAsync(RunContext run, CancellationToken cancellationToken)
    {
        await run.PhaseAsync(Phase.Verify, async () =>
        {
            var invariants = await InvariantRunner.CompareAsync(run.Runbook.Invariants, run.Record.Invariants, run.Target, cancellationToken);
            var checks = await ChecksAsync(run.Runbook, run.Environment, run.Target, run.Record.Steps, cancellationToken);
            var reference = await ReferenceCheck.CompareAsync(run.Runbook, run.Environment, run.Snapshots, run.Target, cancellationToken);
            var after = await InspectPhase.LookAsync(run.Runbook, run.Target, cancellationToken);
            foreach (var problem in Problems(invariants, checks).Concat(ReferenceCheck.Problems(reference, run.Runbook, run.Environment)))
                run.Problem(problem);
            return new JournalEntry { Invariants = invariants, Checks = checks, Reference = reference, After = after };
        });
        return OutcomeOf(run.Record);
    }

    /// <summary>The same questions apart from a run; nothing is written anywhere.</summary>
    /// <param name="before">The invariants' values of an earlier run; those that it does not hold are not compared.</param>
    public static async Task<RunRecord> AskAsync(RunSetup setup, Database target, IReadOnlyList<InvariantResult> before, CancellationToken cancellationToken)
    {
        var (runbook, start) = (setup.Runbook, setup.Start(RunKind.Migrate));
        var known = runbook.Invariants.Where(invariant => before.Any(result => result.Name == invariant.Name)).ToList();
        var invariants = await InvariantRunner.CompareAsync(known, before, target, cancellationToken);
        var checks = await ChecksAsync(runbook, setup.Environment, target, [], cancellationToken);
        var reference = await ReferenceCheck.CompareAsync(runbook, setup.Environment, setup.Snapshots, target, cancellationToken);
        var problems = Problems(invariants, checks).Concat(ReferenceCheck.Problems(reference, runbook, setup.Environment));
        var record = start with { Invariants = invariants, Checks = checks, Reference = reference, Problems = [.. problems] };
        return record with { Outcome = OutcomeOf(record), FinishedAt = setup.Time.GetUtcNow() };
    }

    private static async Task<IReadOnlyList<CheckResult>> ChecksAsync(Runbook runbook, TargetEnvironment environment, Database target, IReadOnlyList<StepResult> steps, CancellationToken cancellationToken) =>
    [
        .. await target.ProveAsync(runbook, environment, steps, cancellationToken),
        .. await CheckRunner.RunAsync(runbook.Checks, CheckMoment.After, target, cancellationToken),
    ];

    internal static RunOutcome OutcomeOf(RunRecord record) =>
        record.Invariants.All(invariant => invariant.Passed)
        && record.Checks.All(check => check.Passed || check.Skipped)
        && record.Hooks.All(hook => hook.ExitCode == 0)
        && record.Comparisons.All(comparison => comparison.Passed)
        && record.Reference is not { Differs: true }
            ? RunOutcome.Done
            : RunOutcome.ChecksFailed;

    public static IEnumerable<Text> Problems(IEnumerable<InvariantResult> invariants, IEnumerable<CheckResult> checks)
    {
        foreach (var invariant in invariants.Where(invariant => !invariant.Passed))
        {
            yield return new Text(
                $"Invariant \"{invariant.Name}\" does not hold: {invariant.Problem?.En}",
                $"L'invariant « {invariant.Name} » n'est pas respecté : {invariant.Problem?.Fr}");
        }

        foreach (var check in checks.Where(check => !check.Passed && !check.Skipped))
        {
            yield return new Text(
                $"Check \"{check.Name}\" failed: expected {check.Expected.En}, found {check.Actual.En}",
                $"Le contrôle « {check.Name} » a échoué : attendu {check.Expected.Fr}, trouvé {check.Actual.Fr}");
        }
    }
}
