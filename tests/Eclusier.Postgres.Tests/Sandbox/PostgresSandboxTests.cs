using System.Diagnostics;
using Eclusier.Files;
using Eclusier.Postgres.Sandbox;

namespace Eclusier.Postgres.Tests.Sandbox;

public sealed class PostgresSandboxTests
{
    private const string FolderVariable = "ECLUSIER_SANDBOX_DIR";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopped_sandbox_leaves_no_process_and_no_folder()
    {
        var sandbox = await PostgresSandbox.StartAsync(Cancelled);
        Assert.Equal("127.0.0.1", await PostgresServer.ScalarAsync<string>(sandbox.AdminUrl, "show listen_addresses"));
        Assert.NotEmpty(ProcessesNaming(sandbox.Folder));

        await sandbox.DisposeAsync();

        Assert.False(Directory.Exists(sandbox.Folder));
        Assert.Empty(ProcessesNaming(sandbox.Folder));
    }

    [Fact]
    public async Task Two_sandboxes_run_side_by_side()
    {
        var both = await Task.WhenAll(PostgresSandbox.StartAsync(Cancelled), PostgresSandbox.StartAsync(Cancelled));
        await using var first = both[0];
        await using var second = both[1];

        await PostgresServer.ExecuteAsync(first.AdminUrl, "create table here (id int)");

        Assert.True(await PostgresServer.ScalarAsync<bool>(second.AdminUrl, "select to_regclass('here') is null"));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var sandbox = await PostgresSandbox.StartAsync(Cancelled);
        var wrong = new DatabaseUrl(System.Text.RegularExpressions.Regex.Replace(sandbox.AdminUrl.Reveal(), ":[0-9a-f]{32}@", ":wrong@", default, TimeSpan.FromSeconds(1)));

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresServer.ConnectAsync(wrong));

        Assert.IsType<UnavailableException>(error);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(sandbox.Folder, "server")));
    }

    [Fact]
    public async Task A_kept_sandbox_lives_on_until_its_stop_command()
    {
        var sandbox = await PostgresSandbox.StartAsync(Cancelled);
        await sandbox.KeepRunningAsync(Cancelled);
        await sandbox.DisposeAsync();
        Assert.Equal(1, await PostgresServer.ScalarAsync<int>(sandbox.AdminUrl, "select 1"));

        var stopped = await ChildProcess.RunAsync("sh", ["-c", sandbox.StopCommand], null, Cancelled);

        Assert.True(stopped.Succeeded, stopped.Error);
        Assert.False(Directory.Exists(sandbox.Folder));
        Assert.Empty(ProcessesNaming(sandbox.Folder));
    }

    [Fact]
    public async Task A_cancelled_start_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var tooLate = new CancellationTokenSource();
        var start = RunSelfAsync(nameof(Hold_a_sandbox), folder.Path, tooLate.Token);
        await UntilAsync(() => Directory.EnumerateFileSystemEntries(folder.Path).Any());

        await tooLate.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);

        await UntilAsync(() => !Directory.EnumerateFileSystemEntries(folder.Path).Any() && ProcessesNaming(folder.Path).Count == 0);
    }

    [Fact]
    public async Task Killing_the_whole_process_group_that_holds_a_sandbox_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var never = new CancellationTokenSource();
        var held = RunSelfAsync(nameof(Hold_a_sandbox), folder.Path, never.Token);
        var marker = Path.Combine(folder.Path, "held");
        await UntilAsync(() => File.Exists(marker) || held.IsCompleted);
        Assert.False(held.IsCompleted, "the holder ended too early");
        Assert.NotEmpty(ProcessesNaming(folder.Path));
        var holder = await File.ReadAllTextAsync(marker, Cancelled);
        File.Delete(marker);

        var kill = await ChildProcess.RunAsync("sh", ["-c", $"kill -9 -{holder}"], null, Cancelled);

        Assert.True(kill.Succeeded, kill.Error);
        await UntilAsync(() => !Directory.EnumerateFileSystemEntries(folder.Path).Any() && ProcessesNaming(folder.Path).Count == 0);
        Assert.False((await held).Succeeded);
    }

    [Fact]
    public async Task A_start_removes_what_a_dead_watchdog_left_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string Left(string name, string watchdog, TimeSpan age, bool kept = false)
        {
            var left = Directory.CreateDirectory(Path.Combine(folder.Path, $"eclusier-sandbox-{name}")).FullName;
            File.WriteAllText(Path.Combine(left, "watchdog"), watchdog);
            if (kept)
                File.WriteAllText(Path.Combine(left, "kept"), "");
            Directory.SetLastWriteTimeUtc(left, DateTime.UtcNow - age);
            return left;
        }
        const string nobody = "999999999";
        var hour = TimeSpan.FromHours(1);
        var dead = Left("dead", nobody, hour);
        string[] others = [Left("alive", $"{Environment.ProcessId}", hour), Left("kept", nobody, hour, kept: true), Left("young", nobody, TimeSpan.Zero)];

        await using var sandbox = await PostgresSandbox.StartAsync(Cancelled, options: new SandboxOptions(Folder: folder.Path));

        Assert.False(Directory.Exists(dead));
        Assert.All(others, other => Assert.True(Directory.Exists(other), other));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_clean_error()
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() =>
            PostgresSandbox.StartAsync(Cancelled, options: new SandboxOptions(Folder: "/proc/nowhere")));

        Assert.IsType<UnavailableException>(error);
    }

    /// <summary>Not a test: what the two above run in a process of its own. A second child is there to show that it does not keep the watchdog's pipe open.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_a_sandbox()
    {
        await using var sandbox = await PostgresSandbox.StartAsync(Cancelled);
        using var other = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", "exec sleep 20 >/dev/null 2>&1"]) { UseShellExecute = false })!;
        var marker = Path.Combine(Environment.GetEnvironmentVariable(FolderVariable)!, "held");
        await File.WriteAllTextAsync(marker + ".new", $"{Environment.ProcessId}", Cancelled);
        File.Move(marker + ".new", marker);
        await Task.Delay(Timeout.Infinite, Cancelled);
    }

    /// <summary>Runs one explicit test of this assembly in a process group of its own.</summary>
    private static Task<ChildResult> RunSelfAsync(string test, string sandboxFolder, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(
            "setsid",
            [Path.Combine(AppContext.BaseDirectory, "Eclusier.Postgres.Tests"), "-explicit", "only", "-method", $"{typeof(PostgresSandboxTests).FullName}.{test}"],
            new Dictionary<string, string?>(StringComparer.Ordinal) { [FolderVariable] = sandboxFolder },
            cancellationToken);

    /// <summary>The command lines of living processes that name the folder.</summary>
    private static List<string> ProcessesNaming(string folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), out _))
            .Select(CommandLine)
            .Where(line => line.Contains(folder, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), "it did not happen within a minute");
            await Task.Delay(20, Cancelled);
        }
    }
}
