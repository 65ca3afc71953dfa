using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Postgres;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.EndToEnd;

/// <summary>The backup after the migrations: a new one, of what they left, and no reason to take anything back.</summary>
public sealed class BackupAfterTests(PostgresServer server)
{
    [Fact]
    public async Task It_is_new_proved_told_and_good_enough_for_the_next_run()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups, ./offsite], after: true }");

        var result = await project.RunAsync("migrate", "--yes");
        var run = await RunAsync(project, "report", "--format", "json");
        project.Migration("004_more.sql", "create table more (id int);");
        var next = await RunAsync(project, "migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"back up again +[0-9.]+ s  2 of 2 copies verified, 30[0-9] rows restored and counted", result.Error);
        var (before, after) = (run.GetProperty("backup"), run.GetProperty("backup_after"));
        Assert.NotEqual(Id(before), Id(after));
        Assert.False(after.GetProperty("reused").GetBoolean());
        Assert.Equal([true, true], after.GetProperty("copies").EnumerateArray().Select(copy => copy.GetProperty("verified").GetBoolean()));
        Assert.True(after.GetProperty("restore").GetProperty("passed").GetBoolean());
        Assert.Equal(300, after.GetProperty("manifest").GetProperty("dump").GetProperty("row_counts").GetProperty("public.people").GetInt64());
        Assert.Equal("backup_after", run.GetProperty("timeline").EnumerateArray().Last().GetProperty("phase").GetString());
        var report = await File.ReadAllTextAsync(run.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        var section = report[report.IndexOf("## Backup after the migration\n", StringComparison.Ordinal)..];
        Assert.All([Id(after)!, "database.dump", after.GetProperty("manifest").GetProperty("sha256").GetString()!, $"{project.Folder}/offsite/{Id(after)}"], fact => Assert.Contains(fact, section, StringComparison.Ordinal));

        Assert.Equal("done", next.GetProperty("outcome").GetString());
        Assert.True(next.GetProperty("backup").GetProperty("reused").GetBoolean());
        Assert.Equal(Id(after), Id(next.GetProperty("backup")));
    }

    [Fact]
    public async Task A_copy_that_fails_is_a_problem_and_the_migrations_stay()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople()
            .Runbook("backup: { to: [./backups, ./offsite], restore: false, after: true }\nhooks: { after_apply: [\"rm -r offsite && touch offsite\"] }");

        var result = await project.RunAsync("migrate", "--yes", "--lang", "fr");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("mais la sauvegarde d'après a échoué", result.Output, StringComparison.Ordinal);
        Assert.Contains("Sauvegarde après la migration : ", result.Output, StringComparison.Ordinal);
        Assert.Contains("/offsite", result.Output, StringComparison.Ordinal);
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
    }

    [Fact]
    public async Task A_dump_that_fails_is_a_problem_and_the_migrations_stay()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople()
            // pg_dump refuses a table of which a policy may hide rows from it.
            .Migration("004_hidden.sql", "create table hidden (id int); alter table hidden enable row level security; alter table hidden force row level security;")
            .Runbook("backup: { to: [./backups], copies: 1, restore: false, after: true }");
        var owner = $"owner_{Guid.NewGuid():N}";
        var database = PostgresUrl.Describe(project.Url).Split('/')[^1];
        await PostgresServer.ExecuteAsync(project.Url, $"create role {owner} login password 'pw-{owner}'; alter database \"{database}\" owner to {owner};");
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = $"postgresql://{owner}:pw-{owner}@{project.Url.Reveal()[(project.Url.Reveal().LastIndexOf('@') + 1)..]}";
        try
        {
            var result = await Cli.RunAsync(["migrate", "--yes", "--format", "json"], project.Folder, environment);

            Assert.True(result.ExitCode == 5, result.ToString());
            using var json = JsonDocument.Parse(result.Output);
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("backup_after").ValueKind);
            Assert.StartsWith("Backup after the migration: ", Assert.Single(json.RootElement.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
            Assert.Equal("001,002,003,004", await project.AppliedAsync());
        }
        finally
        {
            await PostgresServer.ExecuteAsync(project.Url, $"alter database \"{database}\" owner to current_user; drop owned by {owner} cascade; drop role {owner};");
        }
    }

    [Fact]
    public async Task Cut_off_before_it_the_next_run_takes_it()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups], copies: 1, restore: false, after: true }");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        var lost = Id((await RunAsync(project, "report", "--format", "json")).GetProperty("backup_after"))!;
        // As if the process had died when the checks had passed: nothing of what came then is there.
        var journal = Directory.GetFiles(Path.Combine(project.Folder, ".eclusier", "runs"), "journal.jsonl", SearchOption.AllDirectories).Single();
        var lines = await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken);
        var verified = Array.FindIndex(lines, line => line.Contains("\"event\":\"phase_finished\"", StringComparison.Ordinal) && line.Contains("\"phase\":\"verify\"", StringComparison.Ordinal));
        await File.WriteAllTextAsync(journal, string.Concat(lines.Take(verified + 1).Select(line => line + "\n")), TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(project.Folder, "backups", lost), recursive: true);

        var resumed = await RunAsync(project, "migrate", "--yes", "--format", "json");

        Assert.Equal("done", resumed.GetProperty("outcome").GetString());
        Assert.Equal(1, resumed.GetProperty("resumed").GetInt32());
        var id = Id(resumed.GetProperty("backup_after"))!;
        Assert.True(File.Exists(Path.Combine(project.Folder, "backups", id, "database.dump")));
        Assert.NotEqual(id, Id(resumed.GetProperty("backup")));
    }

    [Fact]
    public async Task Where_a_check_failed_there_is_none()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople()
            .Runbook("backup: { to: [./backups], copies: 1, restore: false, after: true }\nchecks: [{ name: never, sql: \"select 1\", equals: 2 }]");

        var run = await RunAsync(project, "migrate", "--yes", "--format", "json");

        Assert.Equal("checks_failed", run.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, run.GetProperty("backup_after").ValueKind);
        Assert.Single(Directory.GetDirectories(Path.Combine(project.Folder, "backups")));
    }

    /// <summary>A small database is migrated within the second that names its backup.</summary>
    [Fact]
    public async Task Two_backups_of_one_second_do_not_share_a_folder()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("backup: { to: [./backups], copies: 1, restore: false, after: true }");
        var runbook = RunbookReader.Read(Path.Combine(project.Folder, "eclusier.yaml"), project.Environment());
        var run = new MigrationRun(new RunSetup(runbook, runbook.Environments["production"], new PostgresEngine(), new RunOptions { Yes = true }, new TestObserver { Answer = Answer.Consent }, new StoppedClock()));

        var record = await run.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RunOutcome.Done, record.Outcome);
        Assert.Equal(["20260314-015926-production", "20260314-015926.2-production"], Directory.GetDirectories(Path.Combine(project.Folder, "backups")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("20260314-015926-production", record.Backup!.Manifest.Id);
        Assert.Empty(record.Backup.Manifest.Dump.RowCounts);
    }

    private static async Task<JsonElement> RunAsync(Project project, params string[] arguments)
    {
        var result = await project.RunAsync(arguments);
        Assert.True(result.Output.StartsWith('{'), result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        return json.RootElement.Clone();
    }

    private static string? Id(JsonElement backup) => backup.GetProperty("manifest").GetProperty("id").GetString();

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 14, 1, 59, 26, TimeSpan.Zero);
    }
}
