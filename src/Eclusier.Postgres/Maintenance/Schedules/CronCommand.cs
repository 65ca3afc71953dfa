using System.Globalization;
using Eclusier.Postgres.Maintenance.Partitions;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Schedules;

/// <summary>What the server must run for a job, or why it cannot do the job alone.</summary>
internal sealed class CronCommand(NpgsqlConnection connection, Policy policy, string where)
{
    private string LockTimeout => string.Create(CultureInfo.InvariantCulture, $"{(long)policy.LockTimeout.TotalMilliseconds}ms");

    /// <returns>Either jobs or the reason why not.</returns>
    /// <exception cref="RefusedException">The job cannot be planned.</exception>
    public async Task<(IReadOnlyList<CronJob> Jobs, Text? Why)> OfAsync(MaintenanceJob job, CancellationToken cancellationToken) => job switch
    {
        PartitionsJob { Drop: true } => ([], new Text("it drops tables, after a backup", "elle supprime des tables, après une sauvegarde")),
        PartitionsJob partitions => (await PartitionsAsync(partitions, cancellationToken), null),
        RefreshJob refresh => ([Together(job, (await MaterializedViewRefresh.FindAsync(connection, refresh, where, cancellationToken)).Select(each => each.Sql))], null),
        AnalyzeJob analyze => ([Together(job, [$"analyze {string.Join(", ", (await TableStatistics.FindAsync(connection, analyze, where, cancellationToken)).Select(table => table.Quoted))}"])], null),
        SqlJob sql => await SqlAsync(sql, cancellationToken),
        _ => ([], new Text("it deletes rows: in batches, and never more than it may", "elle supprime des lignes : par lots, et jamais plus que permis")),
    };

    /// <summary>Creating and detaching apart: whoever waits for the one's lock does not hold the other's.</summary>
    private async Task<IReadOnlyList<CronJob>> PartitionsAsync(PartitionsJob job, CancellationToken cancellationToken)
    {
        var table = await PartitionedTable.ReadAsync(connection, job.Table, where, cancellationToken);
        var pattern = PartitionUpkeep.PatternOf(table, where);
        var (parent, every) = (Literal.Quote(table.Relation.Quoted), Literal.Quote(pattern.Interval.ToString().ToLowerInvariant()));
        var jobs = new List<CronJob>();
        if (job.Ahead > 0)
        {
            string[] names = [pattern.Names.Prefix, pattern.Names.Pattern, pattern.Names.Suffix, LockTimeout];
            jobs.Add(new CronJob(job.Name, $"select {MaintenanceFunctions.Schema}.create_partitions({parent}, {every}, {job.Ahead}, {string.Join(", ", names.Select(Literal.Quote))})") { NeedsFunctions = true });
        }

        if (job.Keep is { } keep)
            jobs.Add(new CronJob($"{job.Name} (detach)", $"select {MaintenanceFunctions.Schema}.detach_partitions({parent}, {every}, {keep}, {Literal.Quote(LockTimeout)})") { NeedsFunctions = true });
        return jobs;
    }

    private async Task<(IReadOnlyList<CronJob> Jobs, Text? Why)> SqlAsync(SqlJob job, CancellationToken cancellationToken)
    {
        var step = (await OwnSql.PlanAsync(connection, job, policy, where, cancellationToken)).Steps[0];
        if (step.Hazards.FirstOrDefault(hazard => hazard.AllowedBecause is null && policy.Forbid.Contains(hazard.Rule)) is { } forbidden)
            return ([], new Text($"the policy forbids it: {forbidden.Rule}", $"la politique l'interdit : {forbidden.Rule}"));
        if (step.Transactional)
            return ([Together(job, step.Statements.Select(statement => statement.Sql))], null);
        return step.Statements.Count == 1
            ? ([new CronJob(job.Name, step.Statements[0].Sql)], null)
            : ([], new Text("it is several statements that cannot be one transaction", "ce sont plusieurs instructions qui ne peuvent pas être une transaction"));
    }

    /// <summary>One transaction, in a session of its own.</summary>
    private CronJob Together(MaintenanceJob job, IEnumerable<string> statements) =>
        new(job.Name, string.Join("; ", statements.Prepend($"set lock_timeout = {Literal.Quote(LockTimeout)}")));
}
