using System.Diagnostics;
using Eclusier.Files;
using Eclusier.Postgres.Connections;

namespace Eclusier.EndToEnd;

/// <summary>A real PgBouncer between the tool and the server.</summary>
public sealed class PoolerTests(PostgresServer server)
{
    [Fact]
    public async Task A_pooler_in_transaction_mode_is_refused_before_anything_is_changed()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await using var pooler = await Pooler.StartAsync(project.Url, "transaction");
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = pooler.Url;

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("transaction mode", result.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
    }

    [Fact]
    public async Task A_pooler_in_session_mode_works()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await using var pooler = await Pooler.StartAsync(project.Url, "session");
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = pooler.Url;

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    private sealed class Pooler : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly TemporaryFolder _folder;

        private Pooler(Process process, TemporaryFolder folder, string url)
        {
            _process = process;
            _folder = folder;
            Url = url;
        }

        public string Url { get; }

        public static async Task<Pooler> StartAsync(DatabaseUrl target, string mode)
        {
            var folder = new TemporaryFolder();
            var address = PostgresUrl.Parse(target);
            var password = Uri.UnescapeDataString(target.Reveal().Split(':')[2].Split('@')[0]);
            var port = FreePort.Find();
            var settings = Path.Combine(folder.Path, "pgbouncer.ini");
            await File.WriteAllTextAsync(settings, $"""
                [databases]
                {address.Database} = host={address.Hosts[0]} port={address.Ports[0]} user={address.User} password={password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = {mode}
                logfile = {folder.Path}/log
                ignore_startup_parameters = extra_float_digits
                """, TestContext.Current.CancellationToken);
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
            string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", "pgbouncer", settings] : ["pgbouncer", settings];
            var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, UseShellExecute = false })!;
            var pooler = new Pooler(process, folder, $"postgresql://{address.User}@127.0.0.1:{port}/{address.Database}");
            await UntilItListensAsync(port);
            return pooler;
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _folder.Dispose();
        }

        private static async Task UntilItListensAsync(int port)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(20));
            while (true)
            {
                using var client = new System.Net.Sockets.TcpClient();
                try
                {
                    await client.ConnectAsync("127.0.0.1", port, patience.Token);
                    return;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    await Task.Delay(20, patience.Token);
                }
            }
        }
    }
}
