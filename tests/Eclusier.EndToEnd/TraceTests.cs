using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The rehearsal watches each statement, and holds the plan's hazards against what it saw.</summary>
public sealed class TraceTests(PostgresServer server)
{
    private const string Rehearsal = "backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }\n";

    [Fact]
    public async Task Locks_rewrites_and_rows_that_the_plan_predicts_are_confirmed()
    {
        await using var project = await BaseAsync("");
        project.Migration("002_changes.sql", """
            create index people_role on people (role);
            alter table people alter column id type text;
            update people set role = 'admin' where id < '10';
            alter table people add constraint role_set check (role <> '');
            """).Migration("003_drop.sql", "drop table visits;");

        var rehearsal = await RehearsedAsync(project);

        Assert.Equal(
            [
                ("create-index", true, "SHARE"),
                ("alter-column-type", true, "ACCESS EXCLUSIVE, rewritten"),
                ("update", true, "1 row updated"),
                ("add-check", true, "no new lock"),
                ("drop-table", true, "dropped"),
            ],
            rehearsal.GetProperty("predictions").EnumerateArray()
                .Where(prediction => prediction.GetProperty("rule").GetString() != "backfill-under-lock")
                .Select(prediction => (prediction.GetProperty("rule").GetString()!, prediction.GetProperty("confirmed").GetBoolean(), prediction.GetProperty("observed").GetString()!)));
        Assert.Equal(0, rehearsal.GetProperty("surprises").GetArrayLength());
        var statements = rehearsal.GetProperty("steps")[0].GetProperty("statements");
        Assert.True(statements[1].GetProperty("trace").GetProperty("wal_bytes").GetInt64() > 1000);
    }

    [Fact]
    public async Task A_statement_outside_transactions_is_watched_while_it_runs()
    {
        await using var project = await BaseAsync("insert into people select n, 'member' from generate_series(301, 200000) n;");
        project.Migration("002_index.sql", "create index concurrently people_role on people (role);").Migration("003_full.sql", "vacuum full people;");

        var rehearsal = await RehearsedAsync(project);

        var index = rehearsal.GetProperty("steps")[0].GetProperty("statements")[0].GetProperty("trace").GetProperty("locks");
        Assert.Contains(index.EnumerateArray(), taken => taken.GetProperty("relation").GetString() == "people" && taken.GetProperty("mode").GetString() == "SHARE UPDATE EXCLUSIVE");
        var prediction = Assert.Single(rehearsal.GetProperty("predictions").EnumerateArray());
        Assert.Equal(("vacuum-full", "ACCESS EXCLUSIVE, rewritten"), (prediction.GetProperty("rule").GetString(), prediction.GetProperty("observed").GetString()));
    }

    [Fact]
    public async Task What_a_plan_fears_and_the_server_does_not_do_is_not_seen()
    {
        await using var project = await BaseAsync("");
        project.Migration("002_nobody.sql", "update people set role = 'guest' where role = 'nobody';");

        var rehearsal = await RehearsedAsync(project);

        var prediction = Assert.Single(rehearsal.GetProperty("predictions").EnumerateArray());
        Assert.False(prediction.GetProperty("confirmed").GetBoolean());
        Assert.Equal("0 rows updated", prediction.GetProperty("observed").GetString());
    }

    [Theory]
    [InlineData("delete from people where id < 10")]
    [InlineData("update people set role = ''")]
    [InlineData("drop table visits")]
    [InlineData("truncate visits")]
    [InlineData("insert into visits values (2)")]
    public async Task What_a_function_does_beyond_its_call_is_a_surprise(string hidden)
    {
        await using var project = await BaseAsync($"create function hidden() returns void language sql as $f$ {hidden} $f$;");
        project.Migration("002_call.sql", "select hidden();");

        var rehearsal = await RehearsedAsync(project);

        Assert.Single(rehearsal.GetProperty("surprises").EnumerateArray());
    }

    [Fact]
    public async Task A_surprise_that_the_policy_forbids_is_a_no_go_that_names_the_statement()
    {
        await using var project = await BaseAsync("create function hidden() returns void language sql as $f$ delete from people where id < 10 $f$;");
        project.Runbook(Rehearsal + "policy: { forbid: [delete] }").Migration("002_call.sql", "select 1;\nselect hidden();");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("people: 9 rows deleted (migrations/002_call.sql:2)", result.Error, StringComparison.Ordinal);
        Assert.Equal("300", await project.ScalarAsync("select count(*) from people"));
    }

    [Theory]
    [InlineData("002_call", true)]
    [InlineData("001_people", false)]
    public async Task A_surprise_that_the_policy_allows_to_this_migration_is_no_refusal(string migration, bool allowed)
    {
        await using var project = await BaseAsync("create function hidden() returns void language sql as $f$ delete from people where id < 10 $f$;");
        project.Runbook(Rehearsal + $$"""policy: { forbid: [delete], allow: [{ hazard: delete, migration: {{migration}}, because: "they left" }] }""").Migration("002_call.sql", "select hidden();");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == (allowed ? 0 : 3), result.ToString());
        Assert.Equal(allowed ? "291" : "300", await project.ScalarAsync("select count(*) from people"));
    }

    [Fact]
    public async Task The_report_shows_prediction_and_observation_side_by_side()
    {
        await using var project = await BaseAsync("");
        project.Migration("002_index.sql", "create index people_role on people (role);");

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        using var run = JsonDocument.Parse(result.Output);
        var report = await File.ReadAllTextAsync(run.RootElement.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("| migrations/002\\_index.sql:1 | create-index | SHARE | confirmed |", report, StringComparison.Ordinal);
    }

    private async Task<Project> BaseAsync(string more)
    {
        var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_people.sql", $"create table people (id int primary key, role varchar(50) not null);\ninsert into people select n, 'member' from generate_series(1, 300) n;\ncreate table visits (id int);\ninsert into visits values (1);\n{more}");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        return project.Runbook(Rehearsal);
    }

    private static async Task<JsonElement> RehearsedAsync(Project project)
    {
        var result = await project.RunAsync("rehearse", "--format", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("rehearsal").Clone();
    }
}
