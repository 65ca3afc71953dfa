using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>What a baseline cannot judge is remembered in the database, and run by nobody until somebody has said what is so.</summary>
[Collection(BaselineProject.OneAfterTheOther)]
public sealed class SettlementTests(PostgresServer server)
{
    [Fact]
    public async Task A_seed_that_may_have_run_is_not_run_again_until_somebody_says_that_it_has()
    {
        using var project = await ProjectAsync();
        var baseline = await project.BaselineAsync();

        Assert.Equal("001 present, 002 undecidable, 003 present, 004 absent", BaselineProject.Verdicts(baseline));
        Assert.True((baseline).Baseline!.Unsettled);
        Assert.Equal(["002"], baseline.Baseline!.ToSettle.Select(verdict => verdict.Migration));

        var refused = await project.AnotherCheckout().MigrateAsync();
        Assert.Equal(RunOutcome.NoGo, refused.Outcome);
        Assert.Contains("002 seed", refused.Decision!.Criteria.Single(criterion => criterion.Id == "settled").Evidence.En, StringComparison.Ordinal);
        Assert.Equal(("001 003", 1L), (await project.RecordedAsync(), await project.ScalarAsync<long>("select count(*) from a")));
        Assert.Contains((await project.PlanAsync()).Problems, problem => problem is { Kind: Settlement.Problem, Migration: "002", Blocks: true });

        var marked = await project.BaselineAsync(new Mark("002_seed", BaselineVerdict.Present, "its row is there"));
        Assert.Equal("001 present, 002 present, 003 present, 004 absent", BaselineProject.Verdicts(marked));
        Assert.Contains("ann says present: its row is there", await File.ReadAllTextAsync(marked.Report!.Markdown, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(marked.Baseline!.Unsettled);
        Assert.True(await project.ScalarAsync<bool>("select to_regclass('eclusier_baseline') is null"));
        Assert.Equal(RunOutcome.Done, (await project.MigrateAsync()).Outcome);
        Assert.Equal(("001 002 003 004", 1L), (await project.RecordedAsync(), await project.ScalarAsync<long>("select count(*) from a")));
    }

    [Fact]
    public async Task A_mark_that_says_absent_lets_it_run_and_is_remembered()
    {
        using var project = await ProjectAsync();
        await project.ExecuteAsync("truncate a");
        Assert.True((await project.BaselineAsync(new RunOptions { Yes = true })).Baseline!.Unsettled);

        await project.BaselineAsync(new Mark("002", BaselineVerdict.Absent, "the table was empty"));
        var later = await project.AnotherCheckout().BaselineAsync();

        Assert.Equal("001 present, 002 absent, 003 present, 004 absent", BaselineProject.Verdicts(later));
        Assert.Equal(RunOutcome.NothingToDo, later.Outcome);
        Assert.Equal(RunOutcome.Done, (await project.MigrateAsync()).Outcome);
        Assert.Equal(1L, await project.ScalarAsync<long>("select count(*) from a"));
    }

    [Fact]
    public async Task A_probe_settles_any_verdict_and_skipping_it_does_so_for_the_plan()
    {
        using var project = await ProjectAsync();
        await project.ExecuteAsync("alter table b add column by_hand int, drop column id");
        var partial = await project.BaselineAsync();
        Assert.Equal("001 present, 002 undecidable, 003 partial, 004 absent", BaselineProject.Verdicts(partial));

        project.Runbook = project.Runbook with { Migrations = project.Runbook.Migrations with { Skip = new Dictionary<string, string>(StringComparer.Ordinal) { ["002"] = "never" } } };
        Assert.Equal(["003"], (await project.PlanAsync()).Problems.Where(problem => problem.Kind == Settlement.Problem).Select(problem => problem.Migration));

        project.Runbook = project.Runbook with { Migrations = project.Runbook.Migrations with { Probes = new Dictionary<string, string>(StringComparer.Ordinal) { ["003"] = "select true" } } };
        var probed = await project.BaselineAsync();
        Assert.Equal("001 present, 002 undecidable, 003 present, 004 absent", BaselineProject.Verdicts(probed));
        Assert.False(probed.Baseline!.Unsettled);
        Assert.Equal(RunOutcome.Done, (await project.MigrateAsync()).Outcome);
        Assert.Equal("001 003 004", await project.RecordedAsync());
    }

    [Fact]
    public async Task What_is_to_be_settled_is_remembered_where_nothing_can_be_recorded_and_never_without_consent()
    {
        using var project = await ProjectAsync();
        await project.BaselineAsync();
        await project.ExecuteAsync("drop table eclusier_baseline");

        var asked = await project.BaselineAsync(new RunOptions());
        Assert.Equal(Outcome.NoGo, asked.Decision!.Outcome);
        Assert.True(await project.ScalarAsync<bool>("select to_regclass('eclusier_baseline') is null"));

        var remembered = await project.BaselineAsync();
        Assert.Equal((RunOutcome.Done, 0), (remembered.Outcome, remembered.Baseline!.Recorded.Count));
        Assert.Equal("undecidable", await project.ScalarAsync<string>("select verdict from eclusier_baseline where version = '002' and marked_by is null"));
        Assert.Equal(RunOutcome.NothingToDo, (await project.BaselineAsync()).Outcome);
    }

    [Theory]
    [InlineData("002", "because", "no mark")]
    [InlineData("002=perhaps", "because", "no mark")]
    [InlineData("002=present", " ", "go together")]
    public void A_mark_says_which_what_and_why(string mark, string because, string said)
    {
        var refused = Assert.ThrowsAny<EclusierException>(() => Mark.Read([mark], because));
        Assert.IsType<InvalidInputException>(refused);
        Assert.Contains(said, refused.Problem.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mark_names_a_migration_and_takes_no_row_away()
    {
        using var project = await ProjectAsync();
        await project.BaselineAsync();

        await Assert.ThrowsAsync<InvalidInputException>(() => project.BaselineAsync(new Mark("999", BaselineVerdict.Present, "x")));
        await Assert.ThrowsAsync<InvalidInputException>(() => project.BaselineAsync(new Mark("001", BaselineVerdict.Absent, "x")));
        var both = await Assert.ThrowsAnyAsync<EclusierException>(() => project.BaselineAsync(new Mark("002", BaselineVerdict.Present, "x"), new Mark("002_seed.sql", BaselineVerdict.Absent, "x")));
        Assert.IsType<InvalidInputException>(both);
        Assert.Contains("present and absent", both.Problem.En, StringComparison.Ordinal);
        // Said twice is said.
        Assert.True((await project.BaselineAsync(new Mark("004", BaselineVerdict.Absent, "x"), new Mark("004", BaselineVerdict.Absent, "x"), new Mark("003", BaselineVerdict.Present, "x"))).Baseline!.Unsettled);
    }

    private async Task<BaselineProject> ProjectAsync()
    {
        var project = (await BaselineProject.CreateAsync(server))
            .File("001_a.sql", "create table a (id bigint primary key, n int);")
            .File("002_seed.sql", "insert into a select coalesce(max(id), 0) + 1, 7 from a;")
            .File("003_b.sql", "create table b (id bigint primary key, note text);")
            .File("004_c.sql", "create table c (id bigint primary key);");
        await project.ByHandAsync("001", "002", "003");
        return project;
    }
}
