using System.Security.Cryptography;
using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Redaction;

namespace Eclusier.Postgres.Sandbox;

/// <summary>
/// A throwaway PostgreSQL server on this machine, reachable over loopback with a random password only. It is gone after
/// <see cref="DisposeAsync"/>, and also when this process dies in any other way; see <see cref="Watchdog"/>.
/// </summary>
public sealed class PostgresSandbox : Eclusier.Engines.Sandbox
{
    /// <summary>Another program may take the port between the moment we find it free and the moment the server binds it.</summary>
    private const int PortAttempts = 5;

    private readonly OwningShell _watchdog;
    private readonly string _folder;
    private readonly string _password;
    private readonly int _port;
    private readonly Func<DatabaseUrl, CancellationToken, Task<Database>>? _connect;

    private PostgresSandbox(OwningShell watchdog, string folder, string password, int port, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect)
    {
        _watchdog = watchdog;
        _folder = folder;
        _password = password;
        _port = port;
        _connect = connect;
    }

    public override string Description => RehearsalPlace.ThisMachine;

    /// <summary>As superuser, to the database <c>postgres</c>.</summary>
    public DatabaseUrl AdminUrl => UrlOf("postgres");

    /// <summary>The shell command that ends a server which was kept, and removes it.</summary>
    public string StopCommand => $"sh {Cluster.Quoted(Cluster.StopFile(_folder))}";

    /// <summary>The server's folder, gone when the sandbox is.</summary>
    public string Folder => _folder;

    /// <summary>Starts a server of the newest PostgreSQL installed. Takes one to three seconds.</summary>
    /// <param name="connect">How <see cref="CreateDatabaseAsync"/> connects; null when only URLs are wanted.</param>
    /// <exception cref="EclusierException">PostgreSQL's server is not installed (<see cref="InvalidInputException"/>), or does not start (<see cref="UnavailableException"/>).</exception>
    public static async Task<PostgresSandbox> StartAsync(
        CancellationToken cancellationToken,
        Func<DatabaseUrl, CancellationToken, Task<Database>>? connect = null,
        SandboxOptions? options = null)
    {
        var tools = await PostgresTools.FindAsync("initdb", cancellationToken);
        var account = await ServerAccount.FindAsync(cancellationToken);
        var baseFolder = (options ??= new SandboxOptions()).BaseFolder();
        await Watchdog.SweepAsync(baseFolder, cancellationToken);

        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Secrets.Remember(password);
        var folder = Path.Combine(baseFolder, $"eclusier-sandbox-{RandomNumberGenerator.GetHexString(10, lowercase: true)}");
        var watchdog = Watchdog.Start(new Cluster(folder, tools, account, password, options));
        try
        {
            var port = await StartServerAsync(watchdog, folder, cancellationToken);
            return new PostgresSandbox(watchdog, folder, password, port, connect);
        }
        catch
        {
            await watchdog.DisposeAsync();
            throw;
        }
    }

    public DatabaseUrl UrlOf(string database) =>
        new($"postgresql://postgres:{_password}@127.0.0.1:{_port}/{Uri.EscapeDataString(database)}", isIsolated: true);

    /// <summary>Creates a database with a name of its own.</summary>
    /// <param name="template">Copied; nobody may be connected to it. Null: an empty database.</param>
    public async Task<DatabaseUrl> CreateEmptyDatabaseAsync(string? template, CancellationToken cancellationToken)
    {
        var name = ScratchDatabase.NewName("eclusier_sandbox");
        await ScratchDatabase.CreateAsync(AdminUrl, name, template, cancellationToken);
        return UrlOf(name);
    }

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken) =>
        await ConnectAsync(await CreateEmptyDatabaseAsync(null, cancellationToken), cancellationToken);

    public override async Task<Database> CreateLikeAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        var name = ScratchDatabase.NewName("eclusier_sandbox");
        var unlike = await ScratchDatabase.CreateAsync(AdminUrl, name, template: null, cancellationToken, surroundings.Text);
        var url = UrlOf(name);
        var more = await StandIn.PrepareAsync(url, surroundings, cancellationToken);
        var database = await ConnectAsync(url, cancellationToken);
        database.Unlike = [.. unlike, .. more];
        return database;
    }

    /// <summary>Lets the server live on after this process; <see cref="StopCommand"/> ends it.</summary>
    public async Task KeepRunningAsync(CancellationToken cancellationToken)
    {
        if (await _watchdog.AskAsync("keep", cancellationToken) != "kept")
            throw NotStarted(_folder);
    }

    public override ValueTask DisposeAsync() => _watchdog.DisposeAsync();

    private Task<Database> ConnectAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var connect = _connect ?? throw new InvalidOperationException("This sandbox was started without a way to connect.");
        return connect(url, cancellationToken);
    }

    private static async Task<int> StartServerAsync(OwningShell watchdog, string folder, CancellationToken cancellationToken)
    {
        if (await watchdog.AnswerAsync(cancellationToken) != "initialized")
            throw NotStarted(folder);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Find();
            if (await watchdog.AskAsync($"start {port}", cancellationToken) == "started")
                return port;
            if (attempt == PortAttempts)
                throw NotStarted(folder);
        }
    }

    private static EclusierException NotStarted(string folder)
    {
        var reason = OwningShell.Failure(folder);
        return new UnavailableException(
            new Text($"The sandbox's PostgreSQL server does not start: {reason.En}", $"Le serveur PostgreSQL du bac à sable ne démarre pas : {reason.Fr}"),
            folder,
            new Text("Free some disk space, or set ECLUSIER_SANDBOX_DIR to a folder that the user postgres can reach.",
                "Libérez de l'espace disque, ou indiquez dans ECLUSIER_SANDBOX_DIR un dossier accessible à l'utilisateur postgres."));
    }
}
