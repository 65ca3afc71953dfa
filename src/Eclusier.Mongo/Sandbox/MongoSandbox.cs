using System.Security.Cryptography;
using Eclusier.Engines;
using Eclusier.Redaction;

namespace Eclusier.Mongo.Sandbox;

/// <summary>
/// A throwaway MongoDB on this machine, reachable over loopback with a random password only: <c>mongod</c> where it is on PATH, else a stand-in in this process.
/// It is gone after <see cref="DisposeAsync"/>, and also when this process dies in any other way.
/// </summary>
public sealed class MongoSandbox : Eclusier.Engines.Sandbox
{
    private const string User = "eclusier";

    private readonly IAsyncDisposable _server;
    private readonly string _address;
    private readonly string _password;
    private readonly string? _replicaSet;
    private readonly Func<DatabaseUrl, CancellationToken, Task<Database>>? _connect;

    private MongoSandbox(IAsyncDisposable server, string address, string password, string? replicaSet, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect)
    {
        _server = server;
        _address = address;
        _password = password;
        _replicaSet = replicaSet;
        _connect = connect;
    }

    public override string Description => IsStandIn ? "sandbox (stand-in for MongoDB)" : "sandbox";

    /// <summary>Whether it is not MongoDB itself: what works here may not work there, and the other way round.</summary>
    public bool IsStandIn => _server is StandIn;

    /// <summary>Of the stand-in.</summary>
    internal int OpenCursors => ((StandIn)_server).OpenCursors;

    /// <summary>Starts <c>mongod</c> where it is on PATH, which takes a few seconds, else the stand-in.</summary>
    /// <param name="connect">How <see cref="CreateDatabaseAsync"/> connects; null when only URLs are wanted.</param>
    /// <exception cref="EclusierException"><c>mongod</c> does not start (<see cref="UnavailableException"/>).</exception>
    public static async Task<MongoSandbox> StartAsync(CancellationToken cancellationToken, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect = null)
    {
        if (MongodProcess.Find() is not { } mongod)
            return StartStandIn(new StandInOptions(), connect);
        var password = NewPassword();
        var server = await MongodProcess.StartAsync(mongod, User, password, cancellationToken);
        return new MongoSandbox(server, server.Address, password, null, connect);
    }

    /// <summary>Starts the stand-in, wherever <c>mongod</c> is.</summary>
    /// <inheritdoc cref="StartAsync" path="/param"/>
    public static MongoSandbox StartStandIn(StandInOptions options, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect = null)
    {
        var password = NewPassword();
        var server = new StandIn(options, User, password);
        return new MongoSandbox(server, server.Address, password, options.ReplicaSet, connect);
    }

    public DatabaseUrl UrlOf(string database) => new(
        $"mongodb://{User}:{_password}@{_address}/{Uri.EscapeDataString(database)}?authSource=admin&authMechanism=SCRAM-SHA-256"
        + (_replicaSet is null ? "" : $"&replicaSet={Uri.EscapeDataString(_replicaSet)}"));

    /// <summary>A name of its own; the database is there when something is written to it.</summary>
    public DatabaseUrl NewDatabaseUrl() => UrlOf($"eclusier_sandbox_{RandomNumberGenerator.GetHexString(10, lowercase: true)}");

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var connect = _connect ?? throw new InvalidOperationException("This sandbox was started without a way to connect.");
        return await connect(NewDatabaseUrl(), cancellationToken);
    }

    public override ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string NewPassword()
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Secrets.Remember(password);
        return password;
    }
}
