using Eclusier.Engines;
using Eclusier.Postgres.Partitions;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>Keeps a table's partitions ahead of time, and takes the old ones out.</summary>
/// <param name="today">In UTC.</param>
internal sealed class PartitionUpkeep(NpgsqlConnection connection, PartitionsJob job, string where, DateOnly today)
{
    /// <exception cref="RefusedException">The table is not there, is not partitioned by time, or its interval cannot be told.</exception>
    public async Task<JobPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var table = await PartitionedTable.ReadAsync(connection, job.Table, where, cancellationToken);
        var pattern = PatternOf(table, where);
        var current = PartitionRange.Holding(today, pattern.Interval);
        var plans = new List<JobPlan>();
        if (job.Ahead > 0)
            plans.Add(await new PartitionCreation(connection, table, pattern, where).PlanAsync(Wanted(current, job.Ahead), cancellationToken));
        if (job.Keep is { } keep)
            plans.Add(await new PartitionRetention(connection, table, job.Drop, where).PlanAsync(OldestKept(current, keep), cancellationToken));
        return new JobPlan([.. plans.SelectMany(plan => plan.Steps)], [.. plans.SelectMany(plan => plan.Criteria)], plans.Select(plan => plan.Effect).Max());
    }

    /// <exception cref="RefusedException">It cannot be told.</exception>
    public static PartitionPattern PatternOf(PartitionedTable table, string where) => PartitionPattern.Infer(table.Partitions, table.Relation.Name) ?? throw new RefusedException(
        table.Partitions.Count == 0
            ? new Text($"{table.Relation} has no partition yet to tell its interval from.", $"{table.Relation} n'a pas encore de partition qui dise son intervalle.")
            : new Text(
                $"The interval of {table.Relation} cannot be told: its newest partitions are not all whole days, weeks (from Monday), months, quarters or years in UTC.",
                $"L'intervalle de {table.Relation} est indéterminable : ses dernières partitions ne sont pas toutes des jours, semaines (dès lundi), mois, trimestres ou années entiers en UTC."),
        where,
        new Text("Create its next partition by hand, from midnight to midnight UTC; the job goes on from there.", "Créez sa prochaine partition à la main, de minuit à minuit UTC ; la tâche continuera à partir d'elle."));

    /// <summary>The current interval, and those ahead of it.</summary>
    internal static IReadOnlyList<PartitionRange> Wanted(PartitionRange current, int ahead) => [current, .. current.Following(ahead)];

    /// <summary>The first day of the oldest interval that stays.</summary>
    internal static DateOnly OldestKept(PartitionRange current, int keep)
    {
        var range = current;
        for (var count = 0; count < keep; count++)
            range = PartitionRange.Holding(range.From.AddDays(-1), range.Interval);
        return range.From;
    }
}
