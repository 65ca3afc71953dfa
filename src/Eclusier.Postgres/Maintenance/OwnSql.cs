using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Inspections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>SQL of the user's own. Nobody but its author knows what it takes away: it counts as if it deleted.</summary>
internal static class OwnSql
{
    /// <exception cref="InvalidInputException">It does not split, or controls transactions.</exception>
    public static async Task<JobPlan> PlanAsync(NpgsqlConnection connection, SqlJob job, Policy policy, string where, CancellationToken cancellationToken)
    {
        var script = MigrationScript.Read(job.Sql, where);
        ScriptTransactions.RefuseAny(script, where);
        UnsuitableStatement.Refuse(script.Statements.Select(node => node.Statement), where);
        var tables = await PostgresInspection.TablesByNameAsync(connection, cancellationToken);
        Hazard[] hazards = [.. new HazardScanner(tables, await CatalogFacts.ReadAsync(connection, cancellationToken)).Scan(script).Select(hazard => hazard with { AllowedBecause = policy.Allowed(hazard.Rule, name => name == job.Name)?.Because })];
        var (risk, reason) = RiskAssessment.Of(hazards);
        var step = JobStep.Of($"run {job.Name}", where, job.Sql, Text.Same(string.Join(", ", script.Statements.Select(node => node.Kind).Distinct())), risk, reason) with
        {
            Hazards = hazards,
            Statements = [.. script.Statements.Select(node => node.Statement)],
            Transactional = script.Transactional,
        };
        var what = new Criterion("sql", new Text("What is run", "Ce qui est exécuté"), hazards.Length == 0 ? Verdict.Passed : Verdict.Warning,
            hazards.Length == 0 ? step.Description : Text.Join(hazards.Select(hazard => hazard.Message)));
        return new JobPlan([step], [what], JobEffect.Deletes);
    }
}
