namespace Eclusier.EndToEnd;

public sealed class FailureTests(PostgresServer server)
{
    [Fact]
    public async Task A_migration_that_fails_only_in_production_stops_there_and_goes_on_once_mended()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook()
            .Migration("004_fails.sql", "create table after_three (id int);\n\ninsert into people values (1, 'twice');");

        var failed = await project.RunAsync("migrate", "--yes");

        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Contains("migrations/004_fails.sql:3", failed.Output + failed.Error, StringComparison.Ordinal);
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Null(await project.ScalarAsync("select to_regclass('after_three')::text"));
        Assert.Contains("duplicate key", await project.ScalarAsync("select error_message from schema_migrations where version = '004' and not success"), StringComparison.Ordinal);
        Assert.Equal("1|004", await project.ScalarAsync("select failed_migrations || '|' || failed_versions from get_migration_status()"));
        Assert.Equal("f", await project.ScalarAsync("select migration_applied('004')"));

        project.Migration("004_fails.sql", "create table after_three (id int);").Migration("005_more.sql", "create table more (id int);");
        var mended = await project.RunAsync("migrate", "--yes");

        Assert.True(mended.ExitCode == 0, mended.ToString());
        Assert.Equal("001,002,003,004,005", await project.AppliedAsync());
        Assert.Equal("0", await project.ScalarAsync("select failed_migrations from get_migration_status()"));
    }

    [Fact]
    public async Task What_fails_in_an_included_file_is_named_there()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook()
            .Migration("004_parts.sql", "\\i parts/views.sql\n\\i parts/rows.sql\n");
        Directory.CreateDirectory(Path.Combine(project.Folder, "parts"));
        File.WriteAllText(Path.Combine(project.Folder, "parts", "views.sql"), "create view admins as select * from people where role = 'admin';\n");
        File.WriteAllText(Path.Combine(project.Folder, "parts", "rows.sql"), "\n  insert into people\n  values (1, 'twice');\n");

        var failed = await project.RunAsync("migrate", "--yes");

        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Contains("parts/rows.sql:2:3", failed.Output + failed.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('admins')::text"));
    }

    [Fact]
    public async Task An_included_file_that_changed_since_is_a_no_go()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_parts.sql", "\\ir ../tables.sql\n");
        File.WriteAllText(Path.Combine(project.Folder, "tables.sql"), "create table a (id int);\n");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Assert.Equal(0, (await project.RunAsync("status", "--check")).ExitCode);
        project.Migration("002_more.sql", "create table b (id int);");
        File.WriteAllText(Path.Combine(project.Folder, "tables.sql"), "create table a (id bigint);\n");

        var changed = await project.RunAsync("migrate", "--yes");

        Assert.True(changed.ExitCode == 3, changed.ToString());
        Assert.Contains("migrations/001_parts.sql was changed", changed.Output + changed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_check_after_the_migrations_is_told_by_its_own_exit_code()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople()
            .Runbook("checks: [{ name: nobody, sql: \"select count(*) from people\", equals: 0 }]");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task A_role_that_may_not_create_the_tracking_table_is_told_so_beforehand()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        var role = $"weak_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(project.Url, $"create role {role} login password 'weak1234'");
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = $"postgresql://{role}:weak1234@{project.Url.Reveal().Split('@')[1]}";

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains($"{role} lacks: CREATE on schema public (tracking)", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
    }

    [Fact]
    public async Task An_unfinished_run_is_not_taken_up_on_another_database()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook().Migration("001_slow.sql", "create table slow as select pg_sleep(60)::text as slept;");
        using (var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment()))
        {
            await project.UntilAsync("select exists (select from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid())");
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var environment = project.Environment();
        var other = await server.NewDatabaseAsync();
        environment["TEST_DATABASE_URL"] = other.Reveal();
        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("was not finished", result.Error, StringComparison.Ordinal);
        Assert.True(await PostgresServer.ScalarAsync<bool>(other, "select to_regclass('schema_migrations') is null"));
    }

    [Fact]
    public async Task Two_runs_at_once_and_one_says_who_holds_the_lock()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_slow.sql", "do $$ begin while not exists (select from over) loop perform pg_sleep(0.05); end loop; end $$;");
        await project.ExecuteAsync("create table over (at timestamptz)");

        var first = project.RunAsync("migrate", "--yes");
        await project.UntilAsync("select exists (select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))");
        var second = await project.RunAsync("migrate", "--yes");
        await project.ExecuteAsync("insert into over values (now())");

        Assert.True(second.ExitCode == 7, second.ToString());
        Assert.Contains("eclusier", second.Error, StringComparison.Ordinal);
        Assert.Contains("pid", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await first).ExitCode);
    }

    [Theory]
    [InlineData("53100")]
    [InlineData("XX000")]
    public async Task A_full_disk_or_a_fault_of_the_server_s_is_told_and_the_next_run_goes_on(string state)
    {
        await using var project = (await Project.CreateAsync(server)).Runbook().Migration("001_people.sql", "create table people (id int);").Migration(
            "002_pets.sql", $"create table pets (id int); do $$ begin if to_regclass('room') is null then raise exception 'no room' using errcode = '{state}'; end if; end $$;");

        var failed = await project.RunAsync("migrate", "--yes");
        var applied = await project.AppliedAsync();
        await project.ExecuteAsync("create table room ()");
        var next = await project.RunAsync("migrate", "--yes");

        Assert.True(failed.ExitCode == 7, failed.ToString());
        Assert.Contains($"The connection was lost while applying 002: {state}: no room", failed.Error, StringComparison.Ordinal);
        Assert.Equal("001", applied);
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("001,002", await project.AppliedAsync());
    }

    [Fact]
    public async Task Behind_a_long_transaction_it_steps_back_and_applies_once_it_can()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("policy: { lock_timeout: 200ms, retry_for: 1m }");
        await project.RunAsync("migrate", "--yes");
        project.Migration("004_strong.sql", "alter table people add column age int;");
        await using var application = await project.OpenAsync();
        await using (var begin = application.CreateCommand())
        {
            begin.CommandText = "begin; select * from people limit 1";
            foreach (var sql in begin.CommandText.Split("; "))
            {
                begin.CommandText = sql;
                await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
        }

        var run = project.RunAsync("migrate", "--yes");
        await project.UntilAsync("select exists (select from pg_stat_activity where query ilike 'alter table people add column age%' and wait_event_type = 'Lock')");
        await project.UntilAsync("select not exists (select from pg_stat_activity where query ilike 'alter table people add column age%' and wait_event_type = 'Lock')");
        await application.CloseAsync();
        var result = await run;

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001,002,003,004", await project.AppliedAsync());
    }
}
