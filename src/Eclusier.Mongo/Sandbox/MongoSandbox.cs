namespace Eclusier.Mongo.Sandbox;

/// <summary>A throwaway MongoDB on this machine: <c>mongod</c> where it is installed, else a stand-in in this process. It is gone after <see cref="DisposeAsync"/>.</summary>
public sealed class MongoSandbox : Eclusier.Sandbox
{
    private readonly StandIn _standIn;
    private readonly StandInOptions _options;
    private readonly Func<DatabaseUrl, CancellationToken, Task<Database>>? _connect;
    private int _databases;

    private MongoSandbox(StandInOptions options, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect)
    {
        _options = options;
        _standIn = new StandIn(options);
        _connect = connect;
    }

    public override string Description => "sandbox";

    /// <exception cref="EclusierException"><c>mongod</c> does not start (<see cref="ExitCode.Unavailable"/>).</exception>
    public static Task<MongoSandbox> StartAsync(CancellationToken cancellationToken, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect = null) =>
        Task.FromResult(StartStandIn(new StandInOptions(), connect));

    public static MongoSandbox StartStandIn(StandInOptions options, Func<DatabaseUrl, CancellationToken, Task<Database>>? connect = null) => new(options, connect);

    public DatabaseUrl UrlOf(string database) =>
        new($"mongodb://{_standIn.Address}/{Uri.EscapeDataString(database)}{(_options.ReplicaSet is { } set ? $"?replicaSet={Uri.EscapeDataString(set)}" : "")}");

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var connect = _connect ?? throw new InvalidOperationException("This sandbox was started without a way to connect.");
        return await connect(UrlOf($"eclusier_sandbox_{Interlocked.Increment(ref _databases)}"), cancellationToken);
    }

    public override ValueTask DisposeAsync() => _standIn.DisposeAsync();
}
