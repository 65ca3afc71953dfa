using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The jobs of <c>maintenance:</c>, as a user or a crontab starts them.</summary>
public sealed class JobTests(PostgresServer server)
{
    private const string Months =
        """
        create table sends (id bigint generated always as identity, at timestamptz not null, contact int) partition by range (at);
        do $$ begin
          for month in -5..0 loop
            execute format('create table sends_%s partition of sends for values from (%L) to (%L)', to_char(this_month() + month * interval '1 month', 'YYYY_MM'),
              this_month() + month * interval '1 month' || '+00', this_month() + (month + 1) * interval '1 month' || '+00');
          end loop;
        end $$;
        insert into sends (at, contact) select (this_month() - n % 6 * interval '1 month') at time zone 'UTC', n from generate_series(0, 59) n;
        """;

    private const string ThisMonth = "create function this_month() returns timestamp language sql stable as $$ select date_trunc('month', now() at time zone 'UTC') $$;";

    private const string Partitions = "select string_agg(c.relname, ',' order by c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'sends'::regclass";

    [Fact]
    public async Task Partitions_are_created_ahead_once_with_the_names_of_those_that_are_there()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, ahead: 3 }");

        var first = await project.RunAsync("maintain", "--yes");
        var second = await project.RunAsync("maintain", "--yes");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("sends: 3 steps done.", first.Output, StringComparison.Ordinal);
        Assert.Equal("9", await project.ScalarAsync("select count(*) from pg_inherits where inhparent = 'sends'::regclass"));
        Assert.Equal("t", await project.ScalarAsync("select to_regclass('sends_' || to_char(this_month() + interval '3 months', 'YYYY_MM')) is not null"));
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Contains("sends: nothing to do.", second.Output, StringComparison.Ordinal);
        await project.ExecuteAsync("insert into sends (at) select (this_month() + n * interval '1 month') at time zone 'UTC' from generate_series(0, 3) n");
    }

    [Fact]
    public async Task Rows_of_its_time_in_the_default_partition_refuse_a_new_one_and_the_remedy_works()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, ahead: 1 }");
        await project.ExecuteAsync("create table sends_rest partition of sends default", "insert into sends (at, contact) select (this_month() + interval '40 days') at time zone 'UTC', 777 from generate_series(1, 3)");

        var refused = await project.RunAsync("maintain", "--yes", "--format", "json");

        Assert.True(refused.ExitCode == 3, refused.ToString());
        using var json = JsonDocument.Parse(refused.Output);
        var criterion = json.RootElement.GetProperty("jobs")[0].GetProperty("decision").GetProperty("criteria").EnumerateArray().Single(each => each.GetProperty("verdict").GetString() == "failed");
        Assert.Contains("the default partition public.sends_rest holds 3 rows of its time", criterion.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        var remedy = criterion.GetProperty("remedy").GetString()!;
        await project.ExecuteAsync(remedy[remedy.IndexOf("begin;", StringComparison.Ordinal)..]);
        var after = await project.RunAsync("maintain", "--yes");
        Assert.True(after.ExitCode == 0, after.ToString());
        Assert.Equal("3|0", await project.ScalarAsync("select (select count(*) from sends where contact = 777 and tableoid <> 'sends_rest'::regclass) || '|' || (select count(*) from sends_rest)"));
    }

    [Fact]
    public async Task A_new_partition_has_the_owner_the_row_security_the_checks_and_the_indexes_of_its_table()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, ahead: 1 }");
        await project.ExecuteAsync("alter table sends add check (contact > -1)", "alter table sends enable row level security", "create index on sends (contact)", "alter table sends alter contact set default 5");

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(
            "true|1|1|5",
            await project.ScalarAsync(
                """
                select relrowsecurity || '|' || (select count(*) from pg_constraint where conrelid = c.oid and contype = 'c') || '|' || (select count(*) from pg_index where indrelid = c.oid and indisvalid)
                  || '|' || (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = c.oid)
                from pg_class c where c.oid = to_regclass('sends_' || to_char(this_month() + interval '1 month', 'YYYY_MM'))
                """));
    }

    [Fact]
    public async Task Old_partitions_are_detached_and_keep_their_rows()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, keep: 3, old: detach }", production: "protected: true");

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("4", await project.ScalarAsync("select count(*) from pg_inherits where inhparent = 'sends'::regclass"));
        Assert.Equal("10", await project.ScalarAsync("select (xpath('/row/n/text()', query_to_xml('select count(*) n from sends_' || to_char(this_month() - interval '5 months', 'YYYY_MM'), false, true, '')))[1]::text"));
        Assert.Contains("10 rows", result.Error, StringComparison.Ordinal);
        Assert.Contains("nothing to do", (await project.RunAsync("maintain", "--yes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropping_demands_a_backup_and_on_a_protected_environment_an_approval()
    {
        const string Job = "- { job: sends, partitions: sends, keep: 4, old: drop }";
        await using var project = await SendsAsync(Job);
        var without = await project.RunAsync("maintain", "--yes");
        Assert.True(without.ExitCode == 3, without.ToString());
        Assert.Contains("the runbook has no backup", without.Error, StringComparison.Ordinal);

        Write(project, Job, "backup: { to: [./backups], copies: 1, restore: false }", "protected: true");
        var asked = await project.RunAsync("maintain", "--yes");
        Assert.True(asked.ExitCode == 3, asked.ToString());
        Assert.Equal("6", await project.ScalarAsync("select count(*) from pg_inherits where inhparent = 'sends'::regclass"));
        var approved = await project.RunAsync("maintain", "--job", "sends", "--approve", asked.Error.Split("--approve ")[1].Split(['`', ',', ' '])[0]);

        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Equal("5", await project.ScalarAsync("select count(*) from pg_inherits where inhparent = 'sends'::regclass"));
        Assert.Null(await project.ScalarAsync("select to_regclass('sends_' || to_char(this_month() - interval '5 months', 'YYYY_MM'))::text"));
        Assert.True(Directory.Exists(Path.Combine(project.Folder, "backups")));
    }

    [Fact]
    public async Task Unattended_jobs_need_no_approval_of_each_run()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, keep: 4, old: drop, unattended: true }", "backup: { to: [./backups], copies: 1, restore: false }", "protected: true");

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("5", await project.ScalarAsync("select count(*) from pg_inherits where inhparent = 'sends'::regclass"));
    }

    [Fact]
    public async Task What_a_run_left_half_dropped_is_finished_by_the_next_one()
    {
        await using var project = await SendsAsync("- { job: sends, partitions: sends, keep: 3, old: drop }", "backup: { to: [./backups], copies: 1, restore: false }\npolicy: { lock_timeout: 60s }");
        // A reader of the table keeps the concurrent detachment pending; the tool dies meanwhile.
        await using var reader = await project.OpenAsync();
        await ReadAsync(reader, "sends");
        using (var run = Cli.Start(["maintain", "--yes"], project.Folder, project.Environment()))
        {
            await project.UntilAsync("select exists (select from pg_inherits where inhdetachpending)");
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await project.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'eclusier%'");
        await reader.CloseAsync();
        await project.UntilAsync("select not exists (select from pg_stat_activity where datname = current_database() and application_name like 'eclusier%')");
        var next = await project.RunAsync("maintain", "--yes");

        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("4|0", await project.ScalarAsync("select count(*) || '|' || count(*) filter (where inhdetachpending) from pg_inherits where inhparent = 'sends'::regclass"));
        Assert.Equal("4", await project.ScalarAsync("select count(*) from pg_class where relname ~ '^sends_[0-9]' and relkind = 'r'"));
        Assert.Contains("nothing to do", (await project.RunAsync("maintain", "--yes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_with_a_unique_index_is_refreshed_beside_its_readers_and_another_one_is_warned_of()
    {
        await using var project = await SendsAsync("- { job: statistics, refresh: [by_contact, totals] }", "policy: { lock_timeout: 200ms, retry_for: 30s }");
        await project.ExecuteAsync(
            "create materialized view by_contact as select contact, count(*) from sends group by contact", "create unique index on by_contact (contact)",
            "create materialized view totals as select count(*) from sends", "insert into sends (at, contact) values (now(), 1000)");
        await using var reader = await project.OpenAsync();
        await ReadAsync(reader, "by_contact");

        var result = await project.RunAsync("maintain", "--yes", "--lang", "fr");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("public.totals : aucun index unique utilisable : ACCESS EXCLUSIVE", result.Error, StringComparison.Ordinal);
        Assert.Contains("public.by_contact : sans bloquer la lecture", result.Error, StringComparison.Ordinal);
        Assert.Equal("61|1", await project.ScalarAsync("select (select count from totals) || '|' || (select count(*) from by_contact where contact = 1000)"));
        var report = await File.ReadAllTextAsync(Directory.GetFiles(project.Folder, "report.md", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        Assert.Contains("Rapport de maintenance : Test, statistics", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orphans_go_in_batches_while_others_write_and_never_more_than_the_limit()
    {
        await using var project = await SendsAsync("- { job: orphans, orphans: { of: sends.contact, in: contacts.id }, max: 5000 }");
        await project.ExecuteAsync(
            "create table contacts (id int primary key)", "insert into contacts select generate_series(0, 59)",
            "insert into sends (at, contact) select (this_month() - n % 3 * interval '1 month') at time zone 'UTC', 1000 + n from generate_series(1, 4000) n", "analyze");
        await using var writer = await project.OpenAsync();
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(writer, stop.Token);

        var result = await project.RunAsync("maintain", "--yes");
        await stop.CancelAsync();
        var written = await writing;

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal($"0|{60 + written}", await project.ScalarAsync("select count(*) filter (where c.id is null) || '|' || count(*) from sends s left join contacts c on c.id = s.contact"));
        Assert.Contains("4000 rows deleted", project.Journal(), StringComparison.Ordinal);
        Assert.Contains("nothing to do", (await project.RunAsync("maintain", "--yes")).Output, StringComparison.Ordinal);

        await project.ExecuteAsync("insert into sends (at, contact) select now(), 100000 from generate_series(1, 5001)");
        var many = await project.RunAsync("maintain", "--yes");
        Assert.True(many.ExitCode == 3, many.ToString());
        Assert.Contains("more than 5000", many.Error, StringComparison.Ordinal);
        Assert.Equal("5001", await project.ScalarAsync("select count(*) from sends where contact = 100000"));
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others_from_running()
    {
        await using var project = await SendsAsync(
            """
            - { job: ahead, partitions: sends, ahead: 1 }
              - { job: gone, refresh: [no_such_view] }
              - { job: own, sql: "insert into sends (at, contact) values (now(), 1); select 1 / 0" }
              - { job: statistics, analyze: [sends, people] }
            """);

        var result = await project.RunAsync("maintain", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 4, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(
            "ahead done, gone no_go, own migration_failed, statistics done",
            string.Join(", ", json.RootElement.GetProperty("jobs").EnumerateArray().Select(run => $"{run.GetProperty("job").GetProperty("name").GetString()} {run.GetProperty("outcome").GetString()}")));
        Assert.Equal("60", await project.ScalarAsync("select count(*) from sends"));
        Assert.Equal("300", await project.ScalarAsync("select reltuples::int from pg_class where oid = 'people'::regclass"));
        var wrong = await project.RunAsync("maintain", "--job", "statistic");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Did you mean \"statistics\"?", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_one_at_the_same_time_says_so_and_changes_nothing()
    {
        await using var project = await SendsAsync("- { job: slow, sql: \"select pg_sleep(1000)\" }");
        using var first = Cli.Start(["maintain", "--job", "slow", "--yes"], project.Folder, project.Environment());
        var error = first.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilAsync("select exists (select from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active')");

        var second = await project.RunAsync("maintain", "--job", "slow", "--yes");

        Assert.True(second.ExitCode == 7, second.ToString());
        Assert.Contains("Another run holds the lock: eclusier", second.Error, StringComparison.Ordinal);
        await project.ExecuteAsync("select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active'");
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(first.ExitCode == 4, await error);
    }

    [Fact]
    public async Task The_policy_holds_for_sql_of_the_users_own()
    {
        await using var project = await SendsAsync("- { job: own, sql: \"delete from sends where contact > 5\" }", "policy: { forbid: [delete] }");

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("delete: eclusier.yaml:", result.Error, StringComparison.Ordinal);
        Assert.Equal("60", await project.ScalarAsync("select count(*) from sends"));
    }

    [Fact]
    public async Task A_migration_that_was_cut_off_is_resumed_although_a_job_ran_since()
    {
        await using var project = await SendsAsync("- { job: statistics, analyze: [people] }");
        project.Migration("005_slow.sql", "select pg_sleep(1000);");
        using (var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment()))
        {
            await project.UntilAsync("select exists (select from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active')");
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await project.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'eclusier%'");
        await project.UntilAsync("select not exists (select from pg_stat_activity where datname = current_database() and application_name like 'eclusier%')");
        Assert.Equal(0, (await project.RunAsync("maintain", "--yes")).ExitCode);
        project.Migration("005_slow.sql", "select pg_sleep(0);");

        var next = await project.RunAsync("migrate", "--yes", "--format", "json");

        using var json = JsonDocument.Parse(next.Output);
        Assert.True(json.RootElement.GetProperty("resumed").GetInt32() == 1, next.ToString());
    }

    private async Task<Project> SendsAsync(string jobs, string more = "", string production = "protected: false")
    {
        var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        project.Migration("004_sends.sql", $"{ThisMonth}\n{Months}");
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Directory.Delete(Path.Combine(project.Folder, ".eclusier"), recursive: true);
        Write(project, jobs, more, production);
        return project;
    }

    private static void Write(Project project, string jobs, string more, string production) => project.Runbook($"maintenance:\n  {jobs}\n{more}", production);

    /// <summary>In a transaction that stays open.</summary>
    private static async Task ReadAsync(Npgsql.NpgsqlConnection connection, string relation)
    {
        foreach (var sql in new[] { "begin", $"select count(*) from {relation}" })
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The application: it goes on sending to people that are there.</summary>
    private static async Task<int> WriteAsync(Npgsql.NpgsqlConnection connection, CancellationToken stop)
    {
        var written = 0;
        while (!stop.IsCancellationRequested)
        {
            await using var insert = new Npgsql.NpgsqlCommand("insert into sends (at, contact) values (now(), 3)", connection);
            written += await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return written;
    }
}
