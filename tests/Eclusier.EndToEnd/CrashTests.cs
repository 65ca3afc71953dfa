using System.Diagnostics;
using System.Globalization;
using Eclusier.Postgres;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sandbox;

namespace Eclusier.EndToEnd;

/// <summary>
/// The tool is killed, its connections are cut, the server dies: at moments spread over a plan with every kind of step. The next
/// <c>migrate</c> ends where an undisturbed run ends, in catalog and rows. <c>ECLUSIER_KILLS</c> sets how often (bench/kills).
/// </summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const string Batch = "-- eclusier: batch table=people key=id size=100\n";

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("ECLUSIER_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 6;

    private readonly Random _random = new(20261121);
    private PostgresSandbox _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresSandbox.StartAsync(TestContext.Current.CancellationToken, options: new SandboxOptions(Durable: true));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public Task The_tool_is_killed() => DisturbedAsync("kill -9 of the tool", (run, _) =>
    {
        run.Kill();
        return Task.CompletedTask;
    });

    [Fact]
    public Task Its_connections_are_cut() => DisturbedAsync("terminated backends", (_, project) =>
        PostgresServer.ExecuteAsync(PostgresUrl.WithDatabase(project.Url, "postgres"), $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{PostgresUrl.Describe(project.Url).Split('/')[^1]}';"));

    [Fact]
    public Task The_server_dies() => DisturbedAsync("pg_ctl restart -m immediate", (_, _) => RestartAsync());

    [Fact]
    public async Task The_disk_of_the_journal_is_full()
    {
        var expected = await UndisturbedAsync();
        for (var kilobytes = 4; kilobytes <= 64; kilobytes += 12)
        {
            await using var project = await ManyAsync();
            // A limit for the size of files stands for a full disk: the write that passes it fails in the same way.
            var start = new ProcessStartInfo("sh", ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" migrate --yes", Cli.Program])
            {
                UseShellExecute = false,
                WorkingDirectory = project.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in project.Environment())
                start.Environment[name] = value;
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // Its mapping of code is a file, too, and a large one.
            using var run = Process.Start(start)!;
            var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode is 7 or 0, $"{kilobytes}: {run.ExitCode}\n{await output}\n{error}");
            if (run.ExitCode == 7)
                Assert.Contains("cannot be written", error, StringComparison.Ordinal);

            await FinishAsync(project, $"journal full at {kilobytes} kB");

            Assert.Equal(expected.State, await StateAsync(project));
        }
    }

    private async Task DisturbedAsync(string what, Func<Process, Project, Task> disturb)
    {
        var expected = await UndisturbedAsync();
        for (var number = 0; number < Kills; number++)
        {
            await using var project = await ManyAsync();
            var moment = expected.Duration * _random.NextDouble();
            using var run = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment());
            _ = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await Task.Delay(moment, TestContext.Current.CancellationToken); // The moment itself is what is tested.
            await disturb(run, project);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            var described = $"{what} number {number} after {moment.TotalMilliseconds:0} ms of {expected.Duration.TotalMilliseconds:0}";
            await FinishAsync(project, described);

            Assert.True(expected.State == await StateAsync(project), $"{described}:\n{expected.State}\n{await StateAsync(project)}");
        }
    }

    /// <summary>Again and again until it is done: it may find the server starting, or the dead run's session still there, and says so.</summary>
    private static async Task FinishAsync(Project project, string described)
    {
        for (var attempt = 1; ; attempt++)
        {
            var next = await project.RunAsync("migrate", "--yes");
            if (next.ExitCode == 0)
                return;
            Assert.True(next.ExitCode == 7 && next.Error.Length > 0 && attempt < 10, $"{described}: {next}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private async Task<(TimeSpan Duration, string State)> UndisturbedAsync()
    {
        await using var project = await ManyAsync();
        var started = Stopwatch.GetTimestamp();
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return (Stopwatch.GetElapsedTime(started), await StateAsync(project));
    }

    private async Task<Project> ManyAsync() => Project.Create(await _server.CreateEmptyDatabaseAsync(template: null, TestContext.Current.CancellationToken)).Runbook("policy: { batch_target: 5ms }")
        .Migration("001_tables.sql", "create table log (id serial primary key, entry text);\ncreate table people (id int primary key, n int not null default 0, role text);\ninsert into people (id) select generate_series(1, 2000);\ninsert into log (entry) values ('001');")
        .Migration("002_indexes.sql", "create index concurrently people_n on people (n);\ncreate index concurrently if not exists people_role on people (role);\nreindex index concurrently people_n;\ndrop index concurrently people_role;\ninsert into log (entry) values ('002');\nvacuum people;")
        .Migration("003_fill.sql", $"{Batch}update people set n = n + 1;")
        .Migration("004_copy.sql", "copy log (entry) from stdin;\n004\n\\.\nalter table people add column email text;\ninsert into log (entry) values ('004 end');")
        .Migration("005_parts.sql", "create table events (id int, at int) partition by range (at);\ncreate table events_1 partition of events for values from (0) to (10);\ninsert into events values (1, 1);")
        .Migration("006_detach.sql", "alter table events detach partition events_1 concurrently;\ninsert into log (entry) values ('006');")
        .Migration("007_steps.sql", "-- eclusier: no-transaction\ninsert into log (entry) values ('007 a');\nalter table people add column phone text;\ninsert into log (entry) values ('007 b');")
        .Migration("008_enum.sql", "create type mood as enum ('a');\nalter table people add column mood mood;")
        .Migration("009_value.sql", "alter type mood add value 'b';\ninsert into log (entry) values ('009');")
        .Migration("010_more.sql", $"{Batch}insert into log (entry) select 'person ' || id from people where id % 100 = 0;\n")
        .Migration("011_end.sql", "create view entries as select entry from log;\ncreate function f() returns int language sql as 'select 1';\ninsert into log (entry) values ('011');");

    /// <summary>The catalog, every row (ids of a sequence may have gaps), and what is recorded as applied.</summary>
    private static async Task<string> StateAsync(Project project)
    {
        await using var database = await PostgresDatabase.OpenAsync(project.Url, "test", TestContext.Current.CancellationToken);
        var fingerprint = (await database.SnapshotAsync(TestContext.Current.CancellationToken)).Fingerprint;
        return string.Join('\n', fingerprint, await project.AppliedAsync(),
            await project.ScalarAsync("select string_agg(entry, ',' order by entry collate \"C\") from log"),
            await project.ScalarAsync("select count(*) || ' ' || min(n) || ' ' || max(n) from people"),
            await project.ScalarAsync("select count(*)::text from events_1"),
            await project.ScalarAsync("select count(*)::text from pg_index where not indisvalid"),
            await project.ScalarAsync("select coalesce(to_regclass('eclusier_progress')::text, 'no progress')"));
    }

    private async Task RestartAsync()
    {
        var tools = await PostgresTools.FindAsync("pg_ctl", TestContext.Current.CancellationToken);
        var script = $"{(Environment.IsPrivilegedProcess ? "runuser -u postgres -- " : "")}'{tools.Path("pg_ctl")}' -D '{_server.Folder}/server/data' -l '{_server.Folder}/server/log' -m immediate -w restart";
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"cd / && {script} >/dev/null"]))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
