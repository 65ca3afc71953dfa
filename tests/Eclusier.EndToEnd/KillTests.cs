using System.Diagnostics;

namespace Eclusier.EndToEnd;

/// <summary>kill -9 of the tool at moments spread over the whole run: the next <c>migrate</c> finishes, and every migration is applied exactly once.</summary>
public sealed class KillTests(PostgresServer server)
{
    private const int Migrations = 12;
    private static readonly int Moments = Cli.RunsAll ? 20 : 6;

    [Fact]
    public async Task A_run_killed_anywhere_is_finished_by_the_next_one()
    {
        var undisturbed = await UndisturbedAsync();
        for (var moment = 0; moment < Moments; moment++)
        {
            await using var project = await ManyAsync();
            await KillAfterAsync(project, undisturbed.Duration * (moment + 1) / (Moments + 1));

            var next = await project.RunAsync("migrate", "--yes");

            Assert.True(next.ExitCode == 0, $"killed at moment {moment}: {next}");
            Assert.Equal(undisturbed.Applied, await project.AppliedAsync());
            Assert.Equal(undisturbed.Schema, await project.ScalarAsync(Schema));
            Assert.Equal(Migrations.ToString(), await project.ScalarAsync("select count(*) from log"));
        }
    }

    private const string Schema =
        "select string_agg(c.relname || '.' || a.attname || ' ' || a.atttypid::regtype, ',' order by c.relname, a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = 'public'::regnamespace and a.attnum > 0";

    private async Task<(TimeSpan Duration, string? Applied, string? Schema)> UndisturbedAsync()
    {
        await using var project = await ManyAsync();
        var started = Stopwatch.GetTimestamp();
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return (Stopwatch.GetElapsedTime(started), await project.AppliedAsync(), await project.ScalarAsync(Schema));
    }

    private async Task<Project> ManyAsync()
    {
        var project = (await Project.CreateAsync(server)).Runbook("invariants: [{ name: one, sql: \"select 1\" }]").Migration("001_log.sql", "create table log (version text);\ninsert into log values ('001');");
        for (var version = 2; version <= Migrations; version++)
            project.Migration($"{version:000}_step.sql", $"create table t{version} (id int);\nselect pg_sleep(0.03);\ninsert into log values ('{version:000}');");
        return project;
    }

    private static async Task KillAfterAsync(Project project, TimeSpan delay)
    {
        using var process = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
        await Task.Delay(delay, TestContext.Current.CancellationToken); // The moment itself is what is tested.
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
