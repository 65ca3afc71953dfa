using Eclusier.Backups;
using Eclusier.Decisions;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Reports;
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
        var due = Due.Of(_setup, target.Description, maintenance.After);
        var steps = await maintenance.StepsAsync(due.Accepted, cancellationToken);
        if (steps.Count == 0)
            return NothingToDo();
        using var journal = _setup.Begin(RunKind.Maintain);
        var run = _setup.Context(journal, target);
        var record = await GoThroughAsync(run, steps, due, cancellationToken);
        return record with { Report = ReportWriter.Write(record, options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, IReadOnlyList<Step> steps, Due due, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanPhase.RunAsync(run, steps, cancellationToken);
            if (due.IsReached)
                await BackupPhase.RunAsync(run, copy, cancellationToken, reuse: false);
            await copy.DisposeAsync();
            await DecideAsync(run, due);
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.Finish(RunOutcome.NoGo);
            return run.Finish(await ApplyPhase.UndoAsync(run, cancellationToken) ? RunOutcome.Done : RunOutcome.MigrationFailed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.Problem(new Text("Interrupted. Run the same command again: it goes on from here.", "Interrompue. Relancez la même commande : elle reprendra ici."));
            return run.Finish(RunOutcome.Interrupted);
        }
    }

    private static Task DecideAsync(RunContext run, Due due) => run.PhaseAsync("decide", () =>
    {
        var plan = run.Record.Plan!;
        var evidence = new Evidence(run.Runbook, run.Environment, run.Record.Inspection!, plan, run.Record.Backup, null, [], run.Time.GetUtcNow());
        var criteria = new List<Criterion> { TargetCriteria.Environment(evidence), TargetCriteria.Server(evidence), due.Criterion, What(plan) };
        // Nothing is backed up before its time.
        if (due.IsReached)
            criteria.AddRange(BackupCriteria.All(evidence));
        return Task.FromResult(new JournalEntry { Event = "", Decision = DecidePhase.Approve(run, DecisionMaker.Of(plan.Id, criteria)) });
    });

    private static Criterion What(Plan plan) => new(
        "drop", new Text("What goes", "Ce qui disparaît"), Verdict.Warning, Text.Join(plan.Steps.Select(step => new Text($"{step.Migration}: {step.Description.En}", $"{step.Migration} : {step.Description.Fr}"))));

    private RunRecord NothingToDo() => _setup.Start(RunKind.Maintain) with { Outcome = RunOutcome.NothingToDo, FinishedAt = time.GetUtcNow() };
}
