using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Maintenance;

/// <summary>Which partitions a job creates and takes out on a given day.</summary>
public sealed class PartitionJobTests(PostgresServer server)
{
    [Theory]
    [InlineData("timestamptz", "2026-11-01", "2026-12-01", "s_2026_11", "2026-11-30", 2, "s_2026_12, s_2027_01")]
    [InlineData("date", "2026-10-01", "2027-01-01", "s_2026_q4", "2026-12-31", 2, "s_2027_q1, s_2027_q2")]
    [InlineData("date", "2026-10-01", "2027-01-01", "s2026Q4", "2026-12-31", 1, "s_2027_q1")]
    [InlineData("timestamp", "2026-01-01", "2027-01-01", "archive-2026-all", "2026-12-31", 1, "archive-2027-all")]
    [InlineData("timestamptz", "2026-12-21", "2026-12-28", "s_2026_w52", "2026-12-27", 2, "s_2026_w53, s_2027_w01")]
    [InlineData("timestamptz", "2026-12-21", "2026-12-28", "p20261221", "2026-12-27", 2, "p20261228, p20270104")]
    [InlineData("timestamptz", "2024-12-23", "2024-12-30", "s_2024_w52", "2024-12-29", 1, "s_2025_w01")]
    [InlineData("date", "2028-02-28", "2028-02-29", "s_2028_02_28", "2028-02-28", 2, "s_2028_02_29, s_2028_03_01")]
    [InlineData("timestamptz", "2026-11-01", "2026-12-01", "whatever", "2026-11-30", 1, "s_2026_12")]
    [InlineData("timestamptz", "2026-11-01", "2026-12-01", "s_y2026m11", "2027-01-15", 0, "s_y2027m01")]
    public async Task Names_and_bounds_follow_those_that_are_there(string type, string from, string until, string name, string today, int ahead, string created)
    {
        await using var database = await WithAsync(type, (name, from, until));

        // At least one ahead is asked for by the runbook; 0 stands for the current one alone.
        var steps = await StepsAsync(database, today, new PartitionsJob("job", "s", Math.Max(1, ahead), null, Drop: false));

        Assert.Equal(created, string.Join(", ", steps.Take(Math.Max(1, ahead)).Select(step => step.Migration["create public.".Length..])));
        await ApplyAsync(database, steps);
        Assert.Empty(await StepsAsync(database, today, new PartitionsJob("job", "s", Math.Max(1, ahead), null, Drop: false)));
    }

    [Theory]
    [InlineData("2026-11-30", 1, "")]
    [InlineData("2026-12-01", 1, "detach public.s_2026_10")]
    [InlineData("2027-01-31", 1, "detach public.s_2026_10, detach public.s_2026_11")]
    [InlineData("2027-01-31", 3, "")]
    public async Task The_limit_is_the_first_day_of_the_oldest_interval_to_keep(string today, int keep, string detached)
    {
        await using var database = await WithAsync("date", ("s_2026_10", "2026-10-01", "2026-11-01"), ("s_2026_11", "2026-11-01", "2026-12-01"));

        var steps = await StepsAsync(database, today, new PartitionsJob("job", "s", 0, keep, Drop: false));

        Assert.Equal(detached, string.Join(", ", steps.Select(step => step.Migration)));
        await ApplyAsync(database, steps);
    }

    [Fact]
    public async Task The_default_partition_and_one_that_reaches_into_the_time_to_keep_stay()
    {
        await using var database = await WithAsync("date", ("s_2025", "2025-01-01", "2026-11-01"), ("s_2026_11", "2026-11-01", "2026-12-01"), ("s_2026_12", "2026-12-01", "2027-01-01"), ("s_2027_01", "2027-01-01", "2027-02-01"));
        await database.ExecuteAsync("create table s_rest partition of s default", "create table s_before partition of s for values from (minvalue) to ('2024-01-01')", "insert into s values ('2024-06-01'), ('2023-01-01')");

        var steps = await StepsAsync(database, "2027-01-10", new PartitionsJob("job", "s", 0, 3, Drop: false));

        // Beside a default partition the server cannot detach concurrently.
        Assert.Equal("detach public.s_before", Assert.Single(steps).Migration);
        Assert.True(steps[0].Transactional);
        await ApplyAsync(database, steps);
        Assert.Equal("1", await database.ScalarAsync("select count(*)::text from s"));
    }

    [Theory]
    [InlineData("create table s (at int) partition by range (at)", "is not partitioned by ranges of one date or timestamp column")]
    [InlineData("create table s (at date) partition by list (at)", "is not partitioned by ranges of one date or timestamp column")]
    [InlineData("create table s (at date, b int) partition by range (at, b)", "is not partitioned by ranges of one date or timestamp column")]
    [InlineData("create table s (at timestamp) partition by range (date_trunc('day', at))", "is not partitioned by ranges of one date or timestamp column")]
    [InlineData("create table s (at date) partition by range (at)", "has no partition yet to tell its interval from")]
    [InlineData("create table s (at date) partition by range (at); create table s1 partition of s for values from ('2026-01-05') to ('2026-02-05')", "cannot be told")]
    [InlineData("create table s (at timestamptz) partition by range (at); create table s1 partition of s for values from ('2026-01-01 00:00:00+01') to ('2026-02-01 00:00:00+01')", "cannot be told")]
    [InlineData("create table s (at date)", "is not a partitioned table")]
    [InlineData("select 1", "There is no s.")]
    public async Task What_cannot_be_kept_says_why(string sql, string why)
    {
        await using var database = await WithAsync(null);
        await database.ExecuteAsync(sql.Split("; "));

        var refusal = await Assert.ThrowsAnyAsync<EclusierException>(() => StepsAsync(database, "2026-11-21", new PartitionsJob("job", "s", 1, null, Drop: false)));

        Assert.Contains(why, refusal.Problem.En, StringComparison.Ordinal);
        Assert.IsType<RefusedException>(refusal);
    }

    [Fact]
    public async Task A_partition_in_the_way_and_a_table_of_that_name_are_told()
    {
        await using var database = await WithAsync("date", ("s_2026_11", "2026-11-01", "2026-12-01"), ("s_2026_10", "2026-10-01", "2026-11-01"));
        await database.ExecuteAsync("create table s_2026_12 (at date)");

        var plan = await PlanAsync(database, "2026-11-21", new PartitionsJob("job", "s", 1, null, Drop: false));

        Assert.Empty(plan.Steps);
        Assert.Contains("public.s_2026_12 exists, and is no partition", Assert.Single(plan.Criteria, criterion => criterion.Verdict == Verdict.Failed).Evidence.En, StringComparison.Ordinal);
    }

    private async Task<Partitioned> WithAsync(string? type, params (string Name, string From, string Until)[] partitions)
    {
        var url = await server.NewDatabaseAsync();
        if (type is not null)
            await PostgresServer.ExecuteAsync(url, $"set timezone = 'UTC'; create table s (at {type} not null) partition by range (at)");
        foreach (var (name, from, until) in partitions)
            await PostgresServer.ExecuteAsync(url, $"set timezone = 'UTC'; create table \"{name}\" partition of s for values from ('{from}') to ('{until}')");
        return new Partitioned(await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken), url);
    }

    private static async Task<IReadOnlyList<Step>> StepsAsync(Partitioned database, string today, MaintenanceJob job) => (await PlanAsync(database, today, job)).Steps;

    private static Task<JobPlan> PlanAsync(Partitioned database, string today, MaintenanceJob job) =>
        database.Database.JobsOf(Runbook, new Today(DateTimeOffset.Parse($"{today}T23:30:00Z", System.Globalization.CultureInfo.InvariantCulture)))!.PlanAsync(job, TestContext.Current.CancellationToken);

    private static async Task ApplyAsync(Partitioned database, IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            var result = await database.Database.ApplyAsync(step, new ApplyOptions(Runbook, "", "test"), TestContext.Current.CancellationToken);
            Assert.True(result.Status == StepStatus.Applied, result.Error?.ToString());
        }
    }

    private static Runbook Runbook => new() { Directory = "/", Name = "test", Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal), File = "eclusier.yaml" };

    private sealed record Partitioned(Database Database, DatabaseUrl Url) : IAsyncDisposable
    {
        public async Task ExecuteAsync(params string[] statements)
        {
            foreach (var sql in statements)
                await PostgresServer.ExecuteAsync(Url, sql);
        }

        public Task<string> ScalarAsync(string sql) => PostgresServer.ScalarAsync<string>(Url, sql);

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }

    private sealed class Today(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
