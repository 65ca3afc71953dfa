using Eclusier.Backups;
using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>Drops what nobody needs any more, some time after a run: inspect, plan with counts, back up, decide, apply, report.</summary>
public sealed class MaintainRun(Runbook runbook, TargetEnvironment environment, Engine engine, RunOptions options, IRunObserver observer, TimeProvider time)
{
    private readonly RunSetup _setup = new(runbook, environment, engine, options, observer, time);

    /// <exception cref="EclusierException">The run could not begin.</exception>
    public async Task<RunRecord> RunAsync(CancellationToken cancellationToken)
    {
        await using var target = await _setup.ConnectAsync(cancellationToken);
        if (target.MaintenanceOf(runbook) is not { } maintenance)
            return NothingToDo();
        await target.LockAsync(cancellationToken);
        var due = await Due.OfAsync(_setup, target, maintenance.After, cancellationToken);
        var steps = await maintenance.StepsAsync(due.Runs, due.IsAccepted, cancellationToken);
        if (steps.Count == 0)
            return NothingToDo();
        using var journal = _setup.Begin(RunKind.Maintain);
        var run = _setup.Context(journal, target);
        return await MaintenancePhases.RunAsync(
            run,
            new MaintenanceWork(
                steps,
                evidence => [TargetCriteria.Environment(evidence), TargetCriteria.Server(evidence), due.Criterion, What(evidence.Plan)],
                copy => BackupPhase.RunAsync(run, copy, cancellationToken, reuse: false),
                BackupCriteria.All,
                environment.Protected),
            cancellationToken);
    }

    private static Criterion What(Plan plan) => new(
        "drop", new Text("What goes", "Ce qui disparaît"), Verdict.Warning, Text.Join(plan.Steps.Select(step => new Text($"{step.Migration}: {step.Description.En}", $"{step.Migration} : {step.Description.Fr}"))));

    private RunRecord NothingToDo() => _setup.Start(RunKind.Maintain) with { Outcome = RunOutcome.NothingToDo, FinishedAt = time.GetUtcNow() };
}
