using Eclusier.Backups;
using Eclusier.Decisions;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>Drops what nobody needs any more, some time after a run: inspect, plan with counts, back up, decide, apply, report.</summary>
public sealed class MaintainRun(RunSetup setup)
{
    /// <exception cref="EclusierException">The run could not begin.</exception>
    public async Task<RunRecord> RunAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        if (target.MaintenanceOf(setup.Runbook) is not { } maintenance)
            return NothingToDo();
        await target.LockAsync(cancellationToken);
        var due = await Due.OfAsync(setup, target, maintenance.After, cancellationToken);
        var steps = await maintenance.StepsAsync(due.Runs, due.IsAccepted, cancellationToken);
        if (steps.Count == 0)
            return NothingToDo();
        using var journal = setup.Begin(RunKind.Maintain);
        var run = setup.Context(journal, target);
        return await MaintenancePhases.RunAsync(
            run,
            new MaintenanceWork(
                steps,
                evidence => [TargetCriteria.Environment(evidence), TargetCriteria.Server(evidence), due.Criterion, What(evidence.Plan)],
                copy => BackupPhase.RunAsync(run, copy, cancellationToken, reuse: false),
                BackupCriteria.All,
                setup.Environment.Protected),
            cancellationToken);
    }

    private static Criterion What(Plan plan) => new(
        "drop", new Text("What goes", "Ce qui disparaît"), Verdict.Warning, Text.Join(plan.Steps.Select(step => new Text($"{step.Migration}: {step.Description.En}", $"{step.Migration} : {step.Description.Fr}"))));

    private RunRecord NothingToDo() => setup.Start(RunKind.Maintain) with { Outcome = RunOutcome.NothingToDo, FinishedAt = setup.Time.GetUtcNow() };
}
