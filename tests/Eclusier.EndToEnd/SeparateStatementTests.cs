using Npgsql;

namespace Eclusier.EndToEnd;

/// <summary>Migrations that cannot be one transaction: nothing runs twice, and what an interrupted attempt left behind is finished or removed.</summary>
public sealed class SeparateStatementTests(PostgresServer server)
{
    [Fact]
    public async Task Killed_between_its_statements_it_goes_on_where_it_stopped()
    {
        await using var project = await TableAsync();
        project.Migration("002_mixed.sql", "insert into log values ('a');\ncreate index concurrently log_entry on log (entry);\nselect pg_sleep(60);\ninsert into log values ('b');\nvacuum log;");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await project.UntilAsync("select exists (select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active' and datname = current_database())");
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        await PostgresServer.ExecuteAsync(project.Url, "select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database() and pid <> pg_backend_pid()");
        Assert.Equal("2", await project.ScalarAsync("select done::text from eclusier_progress where version = '002'"));
        project.Migration("002_mixed.sql", "insert into log values ('a');\ncreate index concurrently log_entry on log (entry);\ninsert into log values ('b');\nvacuum log;");

        var resumed = await project.RunAsync("migrate", "--yes"); // The file was changed, so the old plan ends here.
        var next = await project.RunAsync("migrate", "--yes");

        Assert.Equal((4, 0), (resumed.ExitCode, next.ExitCode));
        Assert.Equal("a,b", await project.ScalarAsync("select string_agg(entry, ',' order by entry) from log"));
        Assert.Equal("001,002", await project.AppliedAsync());
        Assert.Null(await project.ScalarAsync("select to_regclass('eclusier_progress')::text"));
    }

    [Fact]
    public async Task After_a_failure_it_goes_on_behind_what_has_run_and_refuses_when_that_was_changed()
    {
        await using var project = await TableAsync();
        project.Migration("002_fails.sql", "-- eclusier: no-transaction\ninsert into log values ('a');\nselect 1 / 0;");
        Assert.Equal(4, (await project.RunAsync("migrate", "--yes")).ExitCode);

        project.Migration("002_fails.sql", "-- eclusier: no-transaction\ninsert into log values ('A');\nselect 1;");
        var changed = await project.RunAsync("migrate", "--yes");
        project.Migration("002_fails.sql", "-- eclusier: no-transaction\ninsert into log values ('a');\nselect 1;");
        var mended = await project.RunAsync("migrate", "--yes");

        Assert.True(changed.ExitCode == 4, changed.ToString());
        Assert.Contains("after 1 of its statements", changed.Output, StringComparison.Ordinal);
        Assert.True(mended.ExitCode == 0, mended.ToString());
        Assert.Equal("a", await project.ScalarAsync("select string_agg(entry, ',') from log"));
    }

    [Fact]
    public async Task What_ends_while_its_progress_is_forgotten_is_either_recorded_without_a_trace_or_goes_on()
    {
        await using var project = await TableAsync();
        project.Migration("002_steps.sql", "-- eclusier: no-transaction\ninsert into log values ('a');\ninsert into log values ('b');");
        await PostgresServer.ExecuteAsync(project.Url,
            "create function refuse() returns event_trigger language plpgsql as $$ begin raise exception 'cut here'; end $$; create event trigger cut on ddl_command_start when tag in ('DROP TABLE') execute function refuse()");
        var cut = await project.RunAsync("migrate", "--yes");
        await PostgresServer.ExecuteAsync(project.Url, "drop event trigger cut; drop function refuse()");

        var next = await project.RunAsync("migrate", "--yes");

        Assert.True(cut.ExitCode == 4, cut.ToString());
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("a,b", await project.ScalarAsync("select string_agg(entry, ',' order by entry) from log"));
        Assert.Equal("001,002", await project.AppliedAsync());
        Assert.Null(await project.ScalarAsync("select to_regclass('eclusier_progress')::text"));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_had_repeats_one_statement_and_not_those_before_it()
    {
        await using var project = await TableAsync();
        project.Runbook("policy: { lock_timeout: 100ms, retry_for: 30s }").Migration("002_waits.sql", "-- eclusier: no-transaction\ninsert into log values ('a');\nalter table log add column at timestamptz;");
        await using var application = await project.OpenAsync();
        await ExecuteAsync(application, "begin");
        await ExecuteAsync(application, "lock table log in share mode");
        await ExecuteAsync(application, "commit");
        await ExecuteAsync(application, "begin");
        await ExecuteAsync(application, "select * from log");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilAsync("select to_regclass('eclusier_progress') is not null");
        await project.UntilAsync("select (select done from eclusier_progress) = 1");
        await project.UntilAsync("select exists (select from pg_locks where relation = 'log'::regclass and not granted)");
        await project.UntilAsync("select not exists (select from pg_locks where relation = 'log'::regclass and not granted)");
        await ExecuteAsync(application, "commit");

        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, await error);
        Assert.Equal("1", await project.ScalarAsync("select count(*) from log"));
    }

    [Theory]
    [InlineData("create index if not exists log_entry on log (entry);")]
    [InlineData("create index concurrently if not exists log_entry on log (entry);")]
    [InlineData("create index concurrently log_entry on log (entry);")]
    public async Task An_invalid_index_of_that_name_is_built_anew(string statement)
    {
        await using var project = await TableAsync();
        await PostgresServer.ExecuteAsync(project.Url, "insert into log values ('twice'), ('twice')");
        await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(project.Url, "create unique index concurrently log_entry on log (entry)"));
        project.Migration("002_index.sql", statement);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("t|f", await project.ScalarAsync("select concat_ws('|', indisvalid, indisunique) from pg_index where indexrelid = 'log_entry'::regclass"));
    }

    [Fact]
    public async Task A_build_that_fails_leaves_no_invalid_index()
    {
        await using var project = await TableAsync();
        await PostgresServer.ExecuteAsync(project.Url, "insert into log values ('twice'), ('twice')");
        project.Migration("002_index.sql", "create unique index concurrently log_entry on log (entry);");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Null(await project.ScalarAsync("select to_regclass('log_entry')::text"));
    }

    [Fact]
    public async Task An_index_of_that_name_that_somebody_else_built_is_not_taken_for_its_own()
    {
        await using var project = await TableAsync();
        await PostgresServer.ExecuteAsync(project.Url, "insert into log values ('twice'), ('twice')");
        project.Migration("002_index.sql", "create unique index concurrently log_entry on log (entry);");
        await project.RunAsync("migrate", "--yes");
        await PostgresServer.ExecuteAsync(project.Url, "create index log_entry on log ((entry || entry))");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4 && result.Output.Contains("log_entry\" already exists", StringComparison.Ordinal), result.ToString());
        Assert.DoesNotContain("WARNING", result.ToString(), StringComparison.Ordinal);
        Assert.Equal("001", await project.AppliedAsync());
    }

    [Fact]
    public async Task What_an_interrupted_reindex_left_behind_is_removed()
    {
        await using var project = await TableAsync();
        await PostgresServer.ExecuteAsync(project.Url, "create index log_entry on log (entry)");
        await PostgresServer.ExecuteAsync(project.Url, "create index log_entry_ccnew on log (entry)");
        await PostgresServer.ExecuteAsync(project.Url, "update pg_index set indisvalid = false where indexrelid = 'log_entry_ccnew'::regclass");
        project.Migration("002_reindex.sql", "reindex index concurrently log_entry;");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("log_entry", await project.ScalarAsync("select string_agg(indexrelid::regclass::text, ',') from pg_index where indrelid = 'log'::regclass"));
    }

    [Fact]
    public async Task A_partition_that_was_left_half_detached_is_detached()
    {
        await using var project = await TableAsync();
        await PostgresServer.ExecuteAsync(project.Url, "create table parts (id int) partition by list (id)");
        await PostgresServer.ExecuteAsync(project.Url, "create table part_1 partition of parts for values in (1)");
        await using (var reader = await project.OpenAsync())
        {
            await ExecuteAsync(reader, "begin");
            await ExecuteAsync(reader, "select * from parts");
            // The first of its two transactions commits; the second waits for the reader, and is cut off.
            await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                await using var worker = await project.OpenAsync();
                await ExecuteAsync(worker, "set statement_timeout = 300");
                await ExecuteAsync(worker, "alter table parts detach partition part_1 concurrently");
            });
        }

        Assert.Equal("t", await project.ScalarAsync("select inhdetachpending from pg_inherits where inhrelid = 'part_1'::regclass"));
        project.Migration("002_detach.sql", "alter table parts detach partition part_1 concurrently;");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("0", await project.ScalarAsync("select count(*) from pg_inherits where inhrelid = 'part_1'::regclass"));
    }

    private async Task<Project> TableAsync()
    {
        var project = (await Project.CreateAsync(server)).Runbook().Migration("001_log.sql", "create table log (entry text);");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        return project;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
