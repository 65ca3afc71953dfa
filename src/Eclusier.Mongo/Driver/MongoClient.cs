using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Driver;

/// <summary>
/// Connections to one MongoDB server or cluster, opened as they are needed. Thread-safe. A call that is cancelled is no longer waited for; what it
/// asked of the server may still be done.
/// </summary>
public sealed class MongoClient : IAsyncDisposable
{
    private readonly DatabaseUrl _url;

    private MongoClient(DatabaseUrl url, ClientPool pool) => (_url, Pool) = (url, pool);

    /// <summary>Hosts, and the database when the connection string names one; no secrets.</summary>
    public string Description => MongoUrl.Describe(_url);

    /// <summary>The database that the connection string names; null when it names none.</summary>
    public string? DefaultDatabase => MongoUrl.Database(_url);

    internal ClientPool Pool { get; }

    /// <summary>Opens a connection and makes sure that the server answers.</summary>
    /// <exception cref="EclusierException">
    /// The connection string is not valid or names a file that is not there, or libmongoc is not installed (<see cref="ExitCode.Usage"/>); no server answers, the two do not trust one
    /// another, or it refuses the user (<see cref="ExitCode.Unavailable"/>).
    /// </exception>
    public static async Task<MongoClient> ConnectAsync(DatabaseUrl url, MongoClientOptions options, CancellationToken cancellationToken)
    {
        MongoUrl.RememberSecrets(url);
        if (url.System != DatabaseSystem.MongoDb)
            throw ConnectionFailure.Invalid(url, "mongodb://, mongodb+srv://", null);
        if (MongoUrl.Files(url).FirstOrDefault(file => !File.Exists(file.Path)) is { Option: not null } missing)
            throw ConnectionFailure.NoFile(url, missing.Option, missing.Path);
        var client = new MongoClient(url, await OpenAsync(url, options, cancellationToken));
        try
        {
            await client.RunCommandAsync(client.DefaultDatabase ?? "admin", BsonDocument.Of(("ping", 1)), cancellationToken);
            return client;
        }
        catch (MongoException e)
        {
            await client.DisposeAsync();
            throw ConnectionFailure.Of(url, e);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public MongoDatabase Database(string name) => new(this, MongoNamespace.Checked(name));

    public MongoCollection Collection(string database, string name) => new(this, new MongoNamespace(database, name));

    public MongoCollection Collection(MongoNamespace name) => new(this, name);

    /// <summary>Sends a command as it is to the primary (or the standalone server).</summary>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public Task<BsonDocument> RunCommandAsync(string database, BsonDocument command, CancellationToken cancellationToken) =>
        RunAsync(database, command, CommandKind.Plain, cancellationToken);

    /// <summary>Sends a command that only reads, with the connection string's read preference and read concern; again, when the connection breaks.</summary>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public Task<BsonDocument> RunReadCommandAsync(string database, BsonDocument command, CancellationToken cancellationToken) =>
        RunAsync(database, command, CommandKind.Read, cancellationToken);

    /// <summary>Sends a command that writes, with the connection string's write concern.</summary>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public Task<BsonDocument> RunWriteCommandAsync(string database, BsonDocument command, CancellationToken cancellationToken) =>
        RunAsync(database, command, CommandKind.Write, cancellationToken);

    /// <summary>What the server says about itself (<c>buildInfo</c>).</summary>
    public Task<BsonDocument> BuildInfoAsync(CancellationToken cancellationToken) =>
        RunCommandAsync("admin", BsonDocument.Of(("buildInfo", 1)), cancellationToken);

    /// <summary>Names of the databases that the user may see.</summary>
    public async Task<IReadOnlyList<string>> ListDatabasesAsync(CancellationToken cancellationToken)
    {
        var command = BsonDocument.Of(("listDatabases", 1), ("nameOnly", true));
        var reply = await RunReadCommandAsync("admin", command, cancellationToken);
        return [.. reply["databases"].AsDocument.Values().Select(database => database.AsDocument["name"].AsString)];
    }

    /// <summary>Renames a collection, across databases, too (which copies it).</summary>
    /// <param name="dropTarget">Replaces a collection of that name; nobody sees the name without a collection.</param>
    /// <exception cref="MongoException">48: the new name is taken; 26: there is no such collection.</exception>
    public Task RenameAsync(MongoNamespace from, MongoNamespace to, bool dropTarget, CancellationToken cancellationToken) => RunWriteCommandAsync(
        "admin",
        BsonDocument.Of(("renameCollection", from.ToString()), ("to", to.ToString()), ("dropTarget", dropTarget)),
        cancellationToken);

    /// <summary>Closes the connections; a call that is still running closes its own when it ends.</summary>
    public async ValueTask DisposeAsync() => await Blocking.RunAsync(Pool.Dispose);

    private Task<BsonDocument> RunAsync(string database, BsonDocument command, CommandKind kind, CancellationToken cancellationToken) =>
        Blocking.RunAsync(() => NativeCommand.Run(Pool, MongoNamespace.Checked(database), command, kind), cancellationToken);

    private static async Task<ClientPool> OpenAsync(DatabaseUrl url, MongoClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await Blocking.RunAsync(() => ClientPool.Open(url, options), cancellationToken);
        }
        catch (MongoException e)
        {
            throw ConnectionFailure.BeforeConnecting(url, e);
        }
    }
}
