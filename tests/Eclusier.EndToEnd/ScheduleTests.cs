using System.Text.Json;
using Eclusier.Postgres.Sandbox;

namespace Eclusier.EndToEnd;

/// <summary><c>maintain --schedule</c> on a server with pg_cron, which really runs what was installed; and without it.</summary>
public sealed class ScheduleTests(PostgresServer server)
{
    /// <summary>Connections of its own would need a password file.</summary>
    private const string PgCron =
        """
        shared_preload_libraries = 'pg_cron'
        cron.database_name = 'postgres'
        cron.use_background_workers = on
        max_worker_processes = 20
        """;

    private const string Installed = "select string_agg(jobname || ' @ ' || schedule, ', ' order by jobname) from cron.job";

    private const string Sends =
        """
        create table sends (at timestamptz not null, contact int) partition by range (at);
        create table "sends_2026_01" partition of sends for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00');
        create table contacts (id int primary key);
        create materialized view totals as select count(*) as n from contacts;
        create unique index on totals (n);
        """;

    private const string Jobs =
        """
        maintenance:
          - { job: "sends 100%", partitions: sends, ahead: 2, keep: 3, schedule: "* * * * *" }
          - { job: totals, refresh: [totals], schedule: "* * * * *" }
          - { job: statistics, analyze: [contacts, sends], schedule: "*/1 * * * *" }
          - { job: it's gone, orphans: { of: sends.contact, in: contacts.id }, schedule: "30 3 * * *" }
          - { job: by hand, analyze: [contacts] }
        """;

    [Fact]
    public async Task Pg_cron_runs_what_was_installed()
    {
        await using var cron = await PostgresSandbox.StartAsync(TestContext.Current.CancellationToken, options: new SandboxOptions { Settings = PgCron });
        await using var project = Project.Create(cron.AdminUrl).Runbook(Jobs);
        await project.ExecuteAsync("create extension pg_cron", Sends, "insert into contacts values (1)", "select cron.schedule('eclusier: left', '0 0 * * *', 'select 1')", "select cron.schedule('mine', '0 0 1 1 *', 'select 1')");

        var first = await project.RunAsync("maintain", "--schedule", "--yes");
        var second = await project.RunAsync("maintain", "--schedule", "--format", "json");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("unschedule eclusier: left", first.Output, StringComparison.Ordinal);
        Assert.Contains("it's gone: it deletes rows", first.Output, StringComparison.Ordinal);
        Assert.Contains(@"--job 'it'\''s gone' --runbook", first.Output, StringComparison.Ordinal);
        Assert.Equal("eclusier: sends 100% @ * * * * *, eclusier: sends 100% (detach) @ * * * * *, eclusier: statistics @ */1 * * * *, eclusier: totals @ * * * * *, mine @ 0 0 1 1 *", await project.ScalarAsync(Installed));
        using (var json = JsonDocument.Parse(second.Output))
            Assert.Equal("nothing_to_do", json.RootElement.GetProperty("run").GetProperty("outcome").GetString());

        await RunAllAsync(project);
        Assert.Equal("t", await project.ScalarAsync("select to_regclass('sends_' || to_char(date_trunc('month', now() at time zone 'UTC') + interval '2 months', 'YYYY_MM')) is not null"));
        Assert.Equal("1", await project.ScalarAsync("select n from totals"));
        Assert.Equal("1", await project.ScalarAsync("select reltuples::int from pg_class where oid = 'contacts'::regclass"));

        project.Runbook("maintenance: [{ job: totals, refresh: [totals], schedule: \"5 * * * *\" }]", "protected: true");
        var unapproved = await project.RunAsync("maintain", "--schedule", "--yes");
        Assert.True(unapproved.ExitCode == 3, unapproved.ToString());
        var third = await project.RunAsync("maintain", "--schedule", "--approve", unapproved.Error.Split("--approve ")[1].Split(['`', ',', ' '])[0]);
        Assert.True(third.ExitCode == 0, third.ToString());
        Assert.Equal("eclusier: totals @ 5 * * * *, mine @ 0 0 1 1 *", await project.ScalarAsync(Installed));
        Assert.Null(await project.ScalarAsync("select to_regnamespace('eclusier_maintenance')::text"));
    }

    [Fact]
    public async Task Without_pg_cron_lines_for_crontab_and_units_for_systemd_are_printed()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook(Jobs);
        await project.ExecuteAsync(Sends);

        var result = await project.RunAsync("maintain", "--schedule");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("this database has no pg_cron", result.Output, StringComparison.Ordinal);
        var line = result.Output.Split('\n').Single(line => line.Contains("100\\%", StringComparison.Ordinal));
        // A scheduler's shell knows neither the folder nor where programs are.
        Assert.StartsWith("* * * * * cd ", line, StringComparison.Ordinal);
        Assert.Contains(" PATH=", line, StringComparison.Ordinal);
        Assert.Contains("# /etc/systemd/system/eclusier-it-s-gone.timer", result.Output, StringComparison.Ordinal);
        Assert.Contains("OnCalendar=*-*-* 03:30:00 UTC", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("by hand", result.Output, StringComparison.Ordinal);
    }

    /// <summary>pg_cron 1.4 knows no shorter interval than a minute.</summary>
    private static async Task RunAllAsync(Project project)
    {
        const string Ended = "select count(distinct jobid) filter (where status = 'succeeded') = 4 or bool_or(status = 'failed') from cron.job_run_details";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(150));
        while (await project.ScalarAsync(Ended) != "t")
            await Task.Delay(200, patience.Token);
        Assert.Null(await project.ScalarAsync("select string_agg(command || ': ' || return_message, '; ') from cron.job_run_details where status = 'failed'"));
    }
}
