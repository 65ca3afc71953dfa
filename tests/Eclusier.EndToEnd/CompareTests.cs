using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary><c>verify --compare</c>: the queries on the restored state before and on the state after. Times are measured and never asserted.</summary>
public sealed class CompareTests(PostgresServer server)
{
    private const string Backup = "backup: { to: [./backups, ./offsite] }";

    private const string Checks = """
        checks:
          - { name: visits of a person, sql: "select count(*) from visits where person = 17", compare: true }
          - { name: totals, sql: "select * from totals", rows: 100, before: { sql: "select person, count(*) from visits group by person" } }
          - { name: a total, sql: "select visits from totals where person = 3", under: 10s }
        """;

    [Fact]
    public async Task An_index_changes_the_plan_and_the_blocks_and_the_report_of_the_run_says_so()
    {
        await using var project = await MigratedAsync($"{Backup}\n{Checks}");

        var result = await project.RunAsync("verify", "--compare");
        var run = Json(await project.RunAsync("report", "--format", "json"));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Seq Scan on visits → Index Only Scan using visits_person on visits", result.Output, StringComparison.Ordinal);
        Assert.Contains("not possible before: relation \"totals\" does not exist", result.Output, StringComparison.Ordinal);
        var index = Named(run, "visits of a person");
        Assert.Contains("Seq Scan on visits", Plan(index, "before"));
        Assert.Contains("Index Only Scan using visits_person on visits", Plan(index, "after"));
        Assert.True(Blocks(index, "before") > 5 * Blocks(index, "after"));
        Assert.Equal(5, index.GetProperty("before").GetProperty("samples").GetInt32());
        Assert.True(index.GetProperty("target").GetProperty("samples").GetInt32() > 0);
        var totals = Named(run, "totals");
        Assert.Contains("HashAggregate", Plan(totals, "before"));
        Assert.Equal((100, 100), (totals.GetProperty("before").GetProperty("rows").GetInt32(), totals.GetProperty("after").GetProperty("rows").GetInt32()));
        Assert.True(totals.GetProperty("ratio").GetDouble() > 0);
        var report = await File.ReadAllTextAsync(run.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("## Queries before and after", report, StringComparison.Ordinal);
        Assert.Contains("the same backup with the run's migrations applied", report, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(project.Folder, ".eclusier", "runs"), "compare", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_demand_that_is_not_met_is_exit_code_5_and_can_be_met_later()
    {
        const string Demand = "checks: [ { name: same, sql: \"select count(*) from visits\", faster: 1000 } ]";
        await using var project = await MigratedAsync($"{Backup}\n{Demand}");

        var failed = await project.RunAsync("verify", "--compare", "--format", "json");
        var failedRun = Json(await project.RunAsync("report", "--format", "json"));
        project.Runbook($"{Backup}\n{Demand.Replace("1000", "0.01", StringComparison.Ordinal)}");
        var met = await project.RunAsync("verify", "--compare");
        var metRun = Json(await project.RunAsync("report", "--format", "json"));
        var next = await project.RunAsync("migrate", "--yes");

        Assert.True(failed.ExitCode == 5, failed.ToString());
        Assert.Equal("checks_failed", Json(failed).GetProperty("outcome").GetString());
        Assert.Contains("\"same\" should be at least 1000 times as fast as before", Json(failed).GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("checks_failed", failedRun.GetProperty("outcome").GetString());
        Assert.True(met.ExitCode == 0, met.ToString());
        Assert.Equal("done", metRun.GetProperty("outcome").GetString());
        Assert.True(next.ExitCode == 0 && next.Output.Contains("Nothing to do", StringComparison.Ordinal), next.ToString());
    }

    [Fact]
    public async Task The_state_after_comes_from_the_backup_after_where_there_is_one()
    {
        await using var project = await MigratedAsync("backup: { to: [./backups, ./offsite], after: true }\n" + Checks);

        var run = Json(await project.RunAsync("verify", "--compare", "--format", "json", "--lang", "fr"));

        var compared = run.GetProperty("compared");
        Assert.NotNull(compared.GetProperty("after").GetString());
        Assert.NotEqual(compared.GetProperty("before").GetString(), compared.GetProperty("after").GetString());
        Assert.Contains("Index Only Scan using visits_person on visits", Plan(Named(run, "visits of a person"), "after"));
        Assert.StartsWith("impossible avant", Named(run, "a total").GetProperty("before").GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Former_words_are_asked_before_the_migrations_where_they_expect_something()
    {
        await using var project = await ProjectAsync("checks: [ { name: totals, sql: \"select count(*) from totals\", equals: 100, before: { sql: \"select count(distinct person) from visits\", equals: 99 } } ]");

        var refused = await project.RunAsync("migrate", "--yes");
        await project.ExecuteAsync("delete from visits where person = 17");
        var allowed = await project.RunAsync("migrate", "--yes");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.True(allowed.ExitCode == 5, allowed.ToString());
        Assert.Contains("expected 100, found 99", allowed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_run_a_query_or_the_migration_s_file_as_it_was_it_says_what_is_missing()
    {
        await using var project = await ProjectAsync($"{Backup}\n{Checks}");

        var noRun = await project.RunAsync("verify", "--compare");
        await project.RunAsync("migrate", "--yes");
        project.Migration("002_totals.sql", "create materialized view totals as select 1;");
        var changed = await project.RunAsync("verify", "--compare");
        project.Runbook($"{Backup}\nchecks: [ {{ name: one, sql: select 1, equals: 1 }} ]");
        var noQuery = await project.RunAsync("verify", "--compare");

        Assert.All([noRun, changed, noQuery], result => Assert.True(result.ExitCode == 2, result.ToString()));
        Assert.Contains("There is no finished run", noRun.Error, StringComparison.Ordinal);
        Assert.Contains("002 totals is not what the run applied", changed.Error, StringComparison.Ordinal);
        Assert.Contains("no query to compare", noQuery.Error, StringComparison.Ordinal);
    }

    private async Task<Project> MigratedAsync(string runbook)
    {
        var project = await ProjectAsync(runbook);
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return project;
    }

    /// <summary>A table that is large enough for an index to pay, and two migrations that make it quick.</summary>
    private async Task<Project> ProjectAsync(string runbook)
    {
        var project = (await Project.CreateAsync(server))
            .Migration("001_index.sql", "create index visits_person on visits (person);")
            .Migration("002_totals.sql", "create materialized view totals as select person, count(*) as visits from visits group by person;")
            .Runbook(runbook);
        await project.ExecuteAsync("create table visits (id int primary key, person int not null, note text); insert into visits select n, n % 100, repeat('x', 50) from generate_series(1, 20000) n;");
        return project;
    }

    private static JsonElement Json(CliResult result)
    {
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static JsonElement Named(JsonElement run, string name) => run.GetProperty("comparisons").EnumerateArray().Single(found => found.GetProperty("name").GetString() == name);

    private static IEnumerable<string?> Plan(JsonElement found, string state) => found.GetProperty(state).GetProperty("plan").EnumerateArray().Select(node => node.GetString());

    private static long Blocks(JsonElement found, string state) => found.GetProperty(state).GetProperty("buffers_hit").GetInt64() + found.GetProperty(state).GetProperty("buffers_read").GetInt64();
}
