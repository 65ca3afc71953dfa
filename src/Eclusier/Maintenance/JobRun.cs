using Eclusier.Backups;
using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>One maintenance job as a run of its own: find what there is to do, back up where data goes, decide, apply, report.</summary>
public sealed class JobRun(RunSetup setup)
{
    /// <exception cref="UnavailableException">The run could not begin: the server is away, or another run holds the lock.</exception>
    public Task<RunRecord> RunAsync(MaintenanceJob job, CancellationToken cancellationToken) =>
        RunAsync(JobFacts.Of(job), job, jobs => jobs.PlanAsync(job, cancellationToken), cancellationToken);

    /// <summary>Brings the server's own schedule to that of the runbook.</summary>
    /// <returns>With the run, which jobs the server runs, and which not.</returns>
    /// <exception cref="EclusierException">As above.</exception>
    public async Task<(RunRecord Run, SchedulePlan Plan)> ScheduleAsync(CancellationToken cancellationToken)
    {
        SchedulePlan? plan = null;
        var scheduled = setup.Runbook.Maintenance.Where(job => job.Schedule is not null).ToList();
        var facts = new JobFacts(JobFacts.Scheduling, JobFacts.Scheduling, null);
        var run = await RunAsync(facts, job: null, async jobs => (plan = await jobs.PlanScheduleAsync(scheduled, cancellationToken)).Changes, cancellationToken);
        // What could not be planned is told by the run.
        return (run, plan ?? new SchedulePlan(null, [], [], new JobPlan([], [])));
    }

    private async Task<RunRecord> RunAsync(JobFacts facts, MaintenanceJob? job, Func<IJobs, Task<JobPlan>> planned, CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        var jobs = target.JobsOf(setup.Runbook, setup.Time) ?? throw new InvalidOperationException($"The engine of {setup.Environment.Name} knows no jobs.");
        await target.LockAsync(cancellationToken);
        var plan = await PlanAsync(jobs, facts, planned);
        if (plan is { Steps.Count: 0 } && plan.Criteria.All(criterion => criterion.Verdict != Verdict.Failed))
            return setup.Start(RunKind.Maintain) with { Job = facts, Outcome = RunOutcome.NothingToDo, FinishedAt = setup.Time.GetUtcNow() };
        using var journal = setup.Begin(RunKind.Maintain, facts);
        var run = setup.Context(journal, target);
        return await MaintenancePhases.RunAsync(
            run,
            new MaintenanceWork(
                plan.Steps,
                evidence => [TargetCriteria.Environment(evidence), TargetCriteria.Server(evidence), .. JobCriteria.Known(evidence, job, plan)],
                copy => JobCriteria.NeedsBackup(job, plan) ? BackupPhase.RunAsync(run, copy, cancellationToken, reuse: plan.Effect != JobEffect.Drops) : Task.CompletedTask,
                evidence => JobCriteria.NeedsBackup(job, plan) ? JobCriteria.OfBackup(evidence, plan) : [],
                JobCriteria.NeedsApproval(job, plan, setup.Environment)),
            cancellationToken);
    }

    /// <summary>A job that cannot be planned is a no-go of its own, with its evidence.</summary>
    private static async Task<JobPlan> PlanAsync(IJobs jobs, JobFacts facts, Func<IJobs, Task<JobPlan>> planned)
    {
        try
        {
            return await planned(jobs);
        }
        catch (EclusierException refusal) when (refusal is RefusedException or InvalidInputException)
        {
            var where = refusal.Where is { } place ? $" ({place})" : "";
            return new JobPlan([], [new Criterion("job", Text.Same(facts.Name), Verdict.Failed, new Text(refusal.Problem.En + where, refusal.Problem.Fr + where), refusal.Remedy)]);
        }
    }
}
