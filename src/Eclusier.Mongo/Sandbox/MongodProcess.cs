using System.Security.Cryptography;
using Eclusier.Files;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Sandbox;

/// <summary>A <c>mongod</c> with a folder of its own, reachable over loopback with a password. Gone when this process ends, in whatever way; see <see cref="OwningShell"/>.</summary>
internal sealed class MongodProcess : IAsyncDisposable
{
    /// <summary>Another program may take the port between the moment we find it free and the moment the server binds it.</summary>
    private const int PortAttempts = 5;

    /// <summary><c>--fork</c> returns when the server accepts connections, or has failed.</summary>
    private const string Script = """
        trap '' INT HUP TERM PIPE
        cd /
        mkdir -p "$(dirname "$FOLDER")" && umask 077 && mkdir "$FOLDER" "$FOLDER/data" || { echo failed; exit 1; }
        while read -r port; do
            if "$MONGOD" --fork --dbpath "$FOLDER/data" --port "$port" --bind_ip 127.0.0.1 --nounixsocket --auth \
                --logpath "$FOLDER/log" --logappend --pidfilepath "$FOLDER/pid" </dev/null >"$FOLDER/error.log" 2>&1
            then echo started
            else echo failed
            fi
        done
        if [ -s "$FOLDER/pid" ]; then
            kill -KILL "$(cat "$FOLDER/pid")"
            # Where nobody collects dead processes, it is never gone.
            for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$(cat "$FOLDER/pid")" 2>/dev/null || break; sleep 0.2; done
        fi
        rm -rf "$FOLDER"
        """;

    private readonly OwningShell _shell;

    private MongodProcess(OwningShell shell, string folder) => (_shell, Folder) = (shell, folder);

    /// <summary>Gone when the server is.</summary>
    public string Folder { get; }

    /// <summary>Host and port.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The program's path; null when it is not on PATH.</summary>
    public static string? Find() => (HostVariables.Find("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "mongod"))
        .FirstOrDefault(File.Exists);

    /// <exception cref="UnavailableException">It does not start.</exception>
    public static async Task<MongodProcess> StartAsync(string mongod, string user, string password, CancellationToken cancellationToken)
    {
        var parent = HostVariables.Find("ECLUSIER_SANDBOX_DIR") ?? Path.GetTempPath();
        var folder = Path.Combine(Path.GetFullPath(parent), $"eclusier-mongo-{RandomNumberGenerator.GetHexString(10, lowercase: true)}");
        var shell = OwningShell.Start(Script, new Dictionary<string, string?>(StringComparer.Ordinal) { ["MONGOD"] = mongod, ["FOLDER"] = folder });
        var server = new MongodProcess(shell, folder);
        try
        {
            await server.StartServerAsync(cancellationToken);
            await server.CreateUserAsync(user, password, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server and waits until nothing is left of it.</summary>
    public ValueTask DisposeAsync() => _shell.DisposeAsync();

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= PortAttempts; attempt++)
        {
            var port = FreePort.Find();
            var answer = await _shell.AskAsync($"{port}", cancellationToken);
            if (answer == "started")
            {
                Address = $"127.0.0.1:{port}";
                return;
            }
            if (answer is null)
                break;
        }
        throw NotStarted();
    }

    /// <summary>The first user may be created over loopback without one (manual: Localhost Exception).</summary>
    private async Task CreateUserAsync(string user, string password, CancellationToken cancellationToken)
    {
        await using var client = await MongoClient.ConnectAsync(new DatabaseUrl($"mongodb://{Address}/admin"), new MongoClientOptions(), cancellationToken);
        var command = BsonDocument.Of(("createUser", user), ("pwd", password), ("roles", BsonValue.Array(["root"])));
        await client.RunCommandAsync("admin", command, cancellationToken);
    }

    private EclusierException NotStarted()
    {
        var reason = OwningShell.Failure(Folder);
        return new UnavailableException(
            new Text($"The sandbox's MongoDB server does not start: {reason.En}", $"Le serveur MongoDB du bac à sable ne démarre pas : {reason.Fr}"),
            Folder,
            new Text("Free some disk space, or set ECLUSIER_SANDBOX_DIR to a folder on another disk.",
                "Libérez de l'espace disque, ou indiquez dans ECLUSIER_SANDBOX_DIR un dossier sur un autre disque."));
    }
}
