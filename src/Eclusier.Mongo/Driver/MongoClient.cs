using Eclusier.Mongo.Bson;
using MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>
/// Connections to one MongoDB server or cluster, opened as they are needed. Thread-safe. A call that is cancelled ends at once, and its connection is closed; what
/// it asked of the server may still be done.
/// </summary>
public sealed class MongoClient : IAsyncDisposable
{
    /// <summary>Short lists come whole, as far as 16 MB hold them.</summary>
    internal static readonly BsonDocument WholeList = BsonDocument.Of(("batchSize", 100_000));

    private readonly DatabaseUrl _url;

    private MongoClient(DatabaseUrl url, IMongoClient official, DriverErrors errors)
    {
        (_url, Official, Errors) = (url, official, errors);
        errors.Cluster = () => official.Cluster.Description;
        Commands = new CommandSender(official, errors);
    }

    /// <summary>Hosts, and the database when the connection string names one; no secrets.</summary>
    public string Description => MongoUrl.Describe(_url);

    /// <summary>The database that the connection string names; null when it names none.</summary>
    public string? DefaultDatabase => MongoUrl.Database(_url);

    internal IMongoClient Official { get; }

    internal DriverErrors Errors { get; }

    internal CommandSender Commands { get; }

    /// <summary>Opens a connection and makes sure that the server answers.</summary>
    /// <exception cref="InvalidInputException">
    /// The connection string is not valid, names a file that is not there or asks for what the driver cannot do; no server answers,
    /// the two do not trust one another, or it refuses the user (<see cref="UnavailableException"/>).
    /// </exception>
    public static async Task<MongoClient> ConnectAsync(DatabaseUrl url, MongoClientOptions options, CancellationToken cancellationToken)
    {
        MongoUrl.RememberSecrets(url);
        if (url.System != DatabaseSystem.MongoDb)
            throw ConnectionFailure.Invalid(url, "mongodb://, mongodb+srv://", null);
        if (MongoUrl.Files(url).FirstOrDefault(file => !File.Exists(file.Path)) is { Option: not null } missing)
            throw ConnectionFailure.NoFile(url, missing.Option, missing.Path);
        var errors = new DriverErrors();
        var client = new MongoClient(url, await ClientSettings.OpenAsync(url, options, errors, cancellationToken), errors);
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

    /// <summary>Closes the connections, also those of calls that are still running.</summary>
    public ValueTask DisposeAsync()
    {
        // By itself the driver keeps them for the next client of the same settings.
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(Official.Cluster);
        Official.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>All that a command lists whose answer is a cursor.</summary>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    internal async Task<IReadOnlyList<BsonDocument>> ListAsync(string database, BsonDocument command, CancellationToken cancellationToken)
    {
        var all = new List<BsonDocument>();
        var cursor = (await RunAsync(database, command, CommandKind.List, cancellationToken))["cursor"].AsDocument;
        all.AddRange(Documents(cursor["firstBatch"]));
        while (cursor["id"].ToInt64() != 0)
        {
            var name = cursor["ns"].AsString[(database.Length + 1)..];
            var more = BsonDocument.Of(("getMore", cursor["id"].ToInt64()), ("collection", name));
            cursor = (await RunAsync(database, more, CommandKind.Plain, cancellationToken))["cursor"].AsDocument;
            all.AddRange(Documents(cursor["nextBatch"]));
        }
        return all;
    }

    private static IEnumerable<BsonDocument> Documents(BsonValue batch) => batch.AsDocument.Values().Select(document => document.AsDocument);

    private Task<BsonDocument> RunAsync(string database, BsonDocument command, CommandKind kind, CancellationToken cancellationToken) =>
        Commands.RunAsync(MongoNamespace.Checked(database), command, kind, cancellationToken);
}
