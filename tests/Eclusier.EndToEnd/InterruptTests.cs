using System.Diagnostics;

namespace Eclusier.EndToEnd;

/// <summary>Ctrl-C ends a run between two steps; the next run goes on from there.</summary>
public sealed class InterruptTests(PostgresServer server)
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_step_in_hand_is_finished_and_the_next_run_goes_on(string signal)
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_slow.sql", "create table slow as select pg_sleep(2)::text as slept;")
            .Migration("002_next.sql", "create table next (id int);");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await project.UntilAsync("select exists (select from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid())");

        using (var kill = Process.Start("kill", [$"-{signal}", $"{run.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 130, $"{run.ExitCode}\n{await output}\n{await error}");
        Assert.Equal("001", await project.AppliedAsync());
        var next = await project.RunAsync("migrate", "--yes");
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal("001,002", await project.AppliedAsync());
    }

    [Fact]
    public async Task A_second_signal_ends_the_statement_and_nothing_of_it_stays()
    {
        await using var project = (await Project.CreateAsync(server)).Runbook()
            .Migration("001_endless.sql", "create table endless as select pg_sleep(60)::text as slept;");
        using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await project.UntilAsync("select exists (select from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and datname = current_database() and pid <> pg_backend_pid())");

        for (var number = 0; number < 2; number++)
        {
            using var kill = Process.Start("kill", ["-INT", $"{run.Id}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }

        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        // The server itself notices that its client is gone.
        await project.UntilAsync("select not exists (select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))");
        project.Migration("001_endless.sql", "create table endless (slept text);");
        var resumed = await project.RunAsync("migrate", "--yes");
        Assert.True(resumed.ExitCode == 4, resumed.ToString());
        Assert.Contains("changed since the plan was approved", resumed.Output, StringComparison.Ordinal);
        var next = await project.RunAsync("migrate", "--yes");
        Assert.True(next.ExitCode == 0, next.ToString());
    }
}
