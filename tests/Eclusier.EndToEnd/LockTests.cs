using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Eclusier.EndToEnd;

/// <summary>The application comes first: a migration never lets others queue behind it for long, and says who is in its way.</summary>
public sealed class LockTests(PostgresServer server)
{
    private const string Impatient = "policy: { lock_timeout: 300ms, retry_for: 30s }";

    [Fact]
    public async Task A_blocked_migration_steps_back_says_who_blocks_and_lets_readers_through()
    {
        await using var project = await PeopleAsync();
        project.Runbook(Impatient).Migration("002_column.sql", "alter table people add column email text;");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "set application_name = 'shop'; begin; select * from people where role = 'top-secret-literal'");
        await using var reader = await project.OpenAsync();

        using var run = Cli.Start(["migrate", "--yes", "--format", "json"], project.Folder, project.Environment());
        var (output, error) = (run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await project.UntilAsync("select exists (select from pg_locks where relation = 'people'::regclass and not granted)");
        var started = Stopwatch.GetTimestamp();
        await ExecuteAsync(reader, "select count(*) from people");
        var stalled = Stopwatch.GetElapsedTime(started);
        await project.UntilJournalSaysAsync("attempt 3 follows");
        await ExecuteAsync(application, "rollback");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, await error);
        Assert.True(stalled < TimeSpan.FromSeconds(20), $"a reader waited {stalled}");
        using var record = JsonDocument.Parse(await output);
        Assert.True(record.RootElement.GetProperty("steps")[0].GetProperty("lock_retries").GetInt32() >= 2);
        var journal = project.Journal();
        Assert.Contains($"blocked by pid {application.ProcessID} (shop, ", journal, StringComparison.Ordinal);
        Assert.Contains("select * from people where role = $1", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret-literal", journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gives_up_when_its_patience_ends_with_nothing_applied()
    {
        await using var project = await PeopleAsync();
        project.Runbook("policy: { lock_timeout: 400ms, retry_for: 3s }").Migration("002_column.sql", "create table first (id int);\nalter table people add column email text;");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "begin; lock table people in access share mode");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains("migrations/002_column.sql:2:1", result.Output, StringComparison.Ordinal);
        Assert.Contains($"blocked by pid {application.ProcessID}", result.Output, StringComparison.Ordinal);
        Assert.Equal("001", await project.AppliedAsync());
        Assert.Null(await project.ScalarAsync("select to_regclass('first')::text"));
    }

    [Fact]
    public async Task A_statement_behind_which_nobody_queues_waits_as_long_as_it_takes()
    {
        await using var project = await PeopleAsync();
        project.Runbook("policy: { lock_timeout: 100ms, retry_for: 1ms }").Migration("002_update.sql", "update people set role = 'member' where id = 1;");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "begin; update people set role = 'busy' where id = 1");

        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilJournalSaysAsync($"waits for pid {application.ProcessID}");
        await ExecuteAsync(application, "commit");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, await error);
        Assert.Equal("member", await project.ScalarAsync("select role from people where id = 1"));
    }

    [Fact]
    public async Task Once_it_holds_a_strong_lock_no_statement_waits_for_long()
    {
        await using var project = await PeopleAsync();
        project.Runbook("policy: { lock_timeout: 100ms, retry_for: 500ms }");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "create table rows (id int primary key); insert into rows values (1)");
        project.Migration("002_both.sql", "alter table people add column email text;\nupdate rows set id = 2 where id = 1;");
        await ExecuteAsync(application, "begin; update rows set id = 3 where id = 1");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains("migrations/002_both.sql:2:1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_concurrent_build_waits_for_old_transactions_and_tells_of_its_progress()
    {
        await using var project = await PeopleAsync();
        project.Runbook("policy: { lock_timeout: 100ms, retry_for: 1ms }").Migration("002_index.sql", "create index concurrently people_role on people (role);");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "begin; insert into people values (1000, 'new')");

        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilJournalSaysAsync($"waits for pid {application.ProcessID}");
        await ExecuteAsync(application, "insert into people values (1001, 'new'); commit");
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, await error);
        Assert.Equal("t", await project.ScalarAsync("select indisvalid from pg_index where indexrelid = 'people_role'::regclass"));
    }

    [Fact]
    public async Task What_a_migration_sets_does_not_reach_the_next_one()
    {
        await using var project = await PeopleAsync();
        project.Runbook()
            .Migration("002_sets.sql", "create schema elsewhere;\nset search_path = elsewhere;\nset lock_timeout = '1ms';\nset role pg_monitor;\nset default_transaction_read_only = on;")
            .Migration("003_separate.sql", "-- eclusier: no-transaction\nset search_path = elsewhere;\ncreate table there (id int);\nset statement_timeout = 1;")
            .Migration("004_plain.sql", "create table here (search_path text, lock_timeout text, statement_timeout text, role text);\ninsert into here select current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout'), current_user;");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("elsewhere.there", await project.ScalarAsync("select to_regclass('elsewhere.there')::text"));
        Assert.Equal("\"$user\", public|0|0", await project.ScalarAsync("select search_path || '|' || lock_timeout || '|' || statement_timeout from public.here"));
    }

    private async Task<Project> PeopleAsync()
    {
        var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_people.sql", "create table people (id int primary key, role text not null);\ninsert into people select n, 'member' from generate_series(1, 300) n;");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        return project;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string script)
    {
        foreach (var sql in script.Split("; "))
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
