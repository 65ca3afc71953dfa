using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>Applies scripts as steps, each in a session of its own: what is applied a second time is taken up by another run.</summary>
internal static class Steps
{
    public static async Task<StepResult> ApplyAsync(DatabaseUrl url, string sql, Policy? policy = null, Action<Text>? waiting = null, CancellationToken? stop = null, bool rehearsal = false)
    {
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        return await ApplyAsync(database, sql, policy, waiting, stop, rehearsal);
    }

    public static async Task<StepResult> ApplyAsync(PostgresDatabase database, string sql, Policy? policy = null, Action<Text>? waiting = null, CancellationToken? stop = null, bool rehearsal = false)
    {
        var script = MigrationScript.Read(sql, "001_x.sql");
        var step = new Step
        {
            Migration = "001",
            Name = "x",
            File = "001_x.sql",
            Checksum = "c",
            RiskReason = Text.Same(""),
            Statements = [.. script.Statements.Select(node => node.Statement)],
            Transactional = script.Transactional,
        };
        var runbook = new Runbook
        {
            Directory = ".",
            Name = "test",
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal),
            Migrations = new MigrationSettings { Path = ".", Target = "production" },
            Policy = policy ?? new Policy(),
        };
        return await database.ApplyAsync(step, new ApplyOptions(runbook, "", "ann", rehearsal, waiting) { Stop = stop ?? CancellationToken.None }, TestContext.Current.CancellationToken);
    }
}
