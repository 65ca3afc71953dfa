using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Brings the planner's statistics up to date.</summary>
internal static class TableStatistics
{
    public static async Task<JobPlan> PlanAsync(NpgsqlConnection connection, AnalyzeJob job, string where, CancellationToken cancellationToken)
    {
        var tables = await FindAsync(connection, job, where, cancellationToken);
        return new JobPlan(
            [.. tables.Select(table => JobStep.Of($"analyze {table}", where, $"analyze {table.Quoted}", new Text("reads a sample of it", "en lit un échantillon"), Risk.Low, new Text("it changes no row", "elle ne modifie aucune ligne")))],
            [new Criterion("analyze", new Text("What is analyzed", "Ce qui est analysé"), Verdict.Passed, Text.Same(string.Join(", ", tables)))]);
    }

    /// <exception cref="RefusedException">One is not there.</exception>
    public static async Task<IReadOnlyList<Relation>> FindAsync(NpgsqlConnection connection, AnalyzeJob job, string where, CancellationToken cancellationToken)
    {
        var tables = new List<Relation>();
        foreach (var name in job.Tables)
            tables.Add(await Relation.FindAsync(connection, name, where, "rpm", cancellationToken));
        return tables;
    }
}
