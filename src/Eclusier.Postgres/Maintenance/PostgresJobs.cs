using Eclusier.Engines;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Maintenance.Partitions;
using Eclusier.Postgres.Maintenance.Schedules;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Maintenance jobs on PostgreSQL: each kind finds in the catalog what there is to do.</summary>
internal sealed class PostgresJobs(NpgsqlConnection connection, string target, Runbook runbook, TimeProvider time) : IJobs
{
    public Task<JobPlan> PlanAsync(MaintenanceJob job, CancellationToken cancellationToken) => new ServerGuard(target).RunAsync(
        new Text($"planning {job.Name}", $"la préparation de {job.Name}"),
        () => Look.BesideAsync(connection, target, () => job switch
        {
            PartitionsJob partitions => new PartitionUpkeep(connection, partitions, Place(job), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)).PlanAsync(cancellationToken),
            RefreshJob refresh => MaterializedViewRefresh.PlanAsync(connection, refresh, Place(job), cancellationToken),
            OrphansJob orphans => new OrphanDeletion(connection, orphans, Place(job)).PlanAsync(cancellationToken),
            AnalyzeJob analyze => TableStatistics.PlanAsync(connection, analyze, Place(job), cancellationToken),
            SqlJob sql => OwnSql.PlanAsync(connection, sql, runbook.Policy, Place(job), cancellationToken),
            _ => throw new InvalidOperationException(job.Kind),
        }, cancellationToken));

    public Task<SchedulePlan> PlanScheduleAsync(IReadOnlyList<MaintenanceJob> jobs, CancellationToken cancellationToken) => new ServerGuard(target).RunAsync(
        new Text("reading the schedule", "la lecture de la planification"), () => new CronSchedules(connection, runbook, Place).PlanAsync(jobs, cancellationToken));

    private string Place(MaintenanceJob job) => $"{Path.GetFileName(runbook.File)}:{job.Line}";
}
