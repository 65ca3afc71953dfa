using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Engines;

/// <summary>What an engine makes of a runbook's maintenance jobs.</summary>
public interface IJobs
{
    /// <summary>What there is to do now, found in the catalog: the same question after a job was cut off gives what is left of it.</summary>
    /// <exception cref="RefusedException">The job cannot be planned: a table that is not there, an interval that cannot be told, …</exception>
    Task<JobPlan> PlanAsync(MaintenanceJob job, CancellationToken cancellationToken);

    /// <summary>What must change for the server itself to run these jobs when their time comes.</summary>
    Task<SchedulePlan> PlanScheduleAsync(IReadOnlyList<MaintenanceJob> jobs, CancellationToken cancellationToken);
}

/// <summary>What a job takes away.</summary>
public enum JobEffect
{
    /// <summary>Nothing: it creates, detaches, refreshes or analyzes.</summary>
    Keeps,
    /// <summary>Rows, or whatever SQL of the user's own takes away.</summary>
    Deletes,
    /// <summary>Whole tables.</summary>
    Drops,
}

/// <param name="Steps">In their order; none: there is nothing to do.</param>
/// <param name="Criteria">What speaks for or against it, with the evidence.</param>
public sealed record JobPlan(IReadOnlyList<Step> Steps, IReadOnlyList<Criterion> Criteria, JobEffect Effect = JobEffect.Keeps);

/// <param name="Scheduler">What the server schedules with, such as <c>pg_cron 1.6</c>; null: it has nothing of the kind.</param>
/// <param name="OnServer">Jobs that the server will run.</param>
/// <param name="Elsewhere">Jobs that another scheduler must run, and why.</param>
public sealed record SchedulePlan(string? Scheduler, IReadOnlyList<MaintenanceJob> OnServer, IReadOnlyList<(MaintenanceJob Job, Text Why)> Elsewhere, JobPlan Changes);
