using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>
/// A throwaway cluster from the installed PostgreSQL's own <c>initdb</c> and <c>pg_ctl</c>: loopback and a unix socket in its
/// own folder, a password of its own. A keeper process ends it when this process is gone, however that happened.
/// </summary>
public sealed class PostgresSandbox : Eclusier.Sandbox
{
    private const int Attempts = 3;

    private readonly string _folder;
    private readonly int _port;
    private readonly string _password;
    private readonly Process _keeper;
    private readonly Func<DatabaseUrl, CancellationToken, Task<Database>>? _connect;
    private bool _kept;

    private PostgresSandbox(string folder, int port, string password, Process keeper, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect)
    {
        _folder = folder;
        _port = port;
        _password = password;
        _keeper = keeper;
        _connect = connect;
    }

    public override string Description => "sandbox";

    public DatabaseUrl AdminUrl => UrlOf("postgres");

    /// <summary>What ends a server that was kept, to be shown to the user.</summary>
    public string StopCommand =>
        $"{(IsRoot ? "runuser -u postgres -- " : "")}{PostgresTools.Find().Path("pg_ctl")} -D {_folder}/data -m immediate stop; rm -rf {_folder}";

    private static bool IsRoot => Environment.UserName == "root";

    /// <param name="connect">How the engine connects to a scratch database.</param>
    /// <exception cref="EclusierException">PostgreSQL is not installed, or its server does not start.</exception>
    public static async Task<PostgresSandbox> StartAsync(Func<DatabaseUrl, CancellationToken, Task<Database>>? connect, CancellationToken cancellationToken)
    {
        var tools = PostgresTools.Find();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var folder = await InitializeAsync(tools, password, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var keeper = Keep(tools, folder, port);
            if (await keeper.StandardOutput.ReadLineAsync(cancellationToken) == "started")
                return new PostgresSandbox(folder, port, password, keeper, connect);
            keeper.Dispose();
            if (attempt == Attempts)
                throw DoesNotStart(folder); // The port may have been taken between the look and the start, but not three times.
        }
    }

    public DatabaseUrl UrlOf(string database) => new($"postgresql://postgres:{_password}@127.0.0.1:{_port}/{Uri.EscapeDataString(database)}?sslmode=disable");

    /// <param name="template">A database to copy; null: an empty one.</param>
    public async Task<DatabaseUrl> CreateEmptyDatabaseAsync(string? template, CancellationToken cancellationToken)
    {
        var name = $"scratch_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}";
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(AdminUrl, "eclusier sandbox"));
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync($"create database {name} template {template ?? "template0"}", cancellationToken);
        return UrlOf(name);
    }

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var connect = _connect ?? throw new InvalidOperationException("this sandbox was started without an engine");
        return await connect(await CreateEmptyDatabaseAsync(template: null, cancellationToken), cancellationToken);
    }

    /// <summary>Leaves the server running when this process ends; <see cref="StopCommand"/> ends it.</summary>
    public void KeepRunning()
    {
        _keeper.StandardInput.WriteLine("keep");
        _keeper.StandardInput.Flush();
        _kept = true;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_kept)
        {
            _keeper.StandardInput.Close();
            await _keeper.StandardOutput.ReadToEndAsync();
        }

        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static async Task<string> InitializeAsync(PostgresTools tools, string password, CancellationToken cancellationToken)
    {
        var root = Environment.GetEnvironmentVariable("ECLUSIER_SANDBOX_DIR") ?? Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"eclusier-pg-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}")).FullName;
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (IsRoot)
            await RunAsync("chown", ["-R", "postgres", folder], folder, cancellationToken);
        string[] initdb =
        [
            tools.Path("initdb"), "--pgdata", Path.Combine(folder, "data"), "--username", "postgres", "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        ];
        string[] command = IsRoot ? ["runuser", "-u", "postgres", "--", .. initdb] : initdb;
        await RunAsync(command[0], command[1..], folder, cancellationToken);
        File.Delete(passwordFile);
        await File.AppendAllTextAsync(Path.Combine(folder, "data", "postgresql.conf"), Settings, cancellationToken);
        return folder;
    }

    /// <summary>Nothing in a sandbox has to survive a power cut.</summary>
    private const string Settings =
        """

        listen_addresses = '127.0.0.1'
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        wal_level = minimal
        max_wal_senders = 0
        max_connections = 60
        shared_buffers = 64MB
        maintenance_work_mem = 256MB
        max_wal_size = 4GB
        logging_collector = off
        """;

    private static async Task RunAsync(string file, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(file, arguments, null, cancellationToken, workingDirectory: "/");
        if (result.ExitCode == 0)
            return;
        Directory.Delete(folder, recursive: true);
        throw new EclusierException(
            new Text($"A throwaway server could not be prepared: {result.StandardError.Trim()}", $"Un serveur jetable n'a pas pu être préparé : {result.StandardError.Trim()}"),
            folder,
            new Text("Check that PostgreSQL is installed and that the folder is writable (ECLUSIER_SANDBOX_DIR names another).", "Vérifiez que PostgreSQL est installé et que le dossier est accessible en écriture (ECLUSIER_SANDBOX_DIR en nomme un autre)."),
            ExitCode.Unavailable);
    }

    private static Process Keep(PostgresTools tools, string folder, int port)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Eclusier.Postgres.Sandbox.SandboxCluster.sh")
            ?? throw new InvalidOperationException("SandboxCluster.sh is not embedded");
        using var script = new StreamReader(stream);

        // A session of its own: Ctrl-C goes to the terminal's foreground group, and must not reach the server.
        return ChildProcess.Start(
            "setsid",
            ["sh", "-c", script.ReadToEnd(), "eclusier-sandbox", tools.BinDirectory, folder, port.ToString(), IsRoot ? "runuser -u postgres --" : ""],
            workingDirectory: "/");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static EclusierException DoesNotStart(string folder)
    {
        var log = Path.Combine(folder, "log");
        var lines = File.Exists(log) ? string.Join(" / ", File.ReadLines(log).TakeLast(3)) : "";
        return new EclusierException(
            new Text($"The throwaway server does not start: {lines}", $"Le serveur jetable ne démarre pas : {lines}"),
            folder,
            new Text("Read the log in that folder, then delete the folder.", "Lisez le journal dans ce dossier, puis supprimez-le."),
            ExitCode.Unavailable);
    }
}
