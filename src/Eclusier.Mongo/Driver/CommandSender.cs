using Eclusier.Mongo.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using BsonDocument = Eclusier.Mongo.Bson.BsonDocument;
using Official = MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>How a command is sent.</summary>
internal enum CommandKind
{
    /// <summary>As it is, to the primary.</summary>
    Plain,
    /// <summary>With the connection string's read preference and concern; again, when the connection breaks.</summary>
    Read,
    /// <summary>As it is, to the primary; again, when the connection breaks.</summary>
    List,
    /// <summary>With the connection string's write concern.</summary>
    Write,
}

/// <summary>Sends commands byte for byte, and keeps their answers so. Thread-safe.</summary>
internal sealed class CommandSender(IMongoClient client, DriverErrors errors)
{
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public Task<BsonDocument> RunAsync(string database, BsonDocument command, CommandKind kind, CancellationToken cancellationToken) => kind switch
    {
        CommandKind.Read => ReadAsync(database, With(command, "readConcern", ReadConcern), client.Settings.ReadPreference, cancellationToken),
        CommandKind.List => ReadAsync(database, command, ReadPreference.Primary, cancellationToken),
        CommandKind.Write => SendAsync(null, database, With(command, "writeConcern", WriteConcern), ReadPreference.Primary, cancellationToken),
        _ => SendAsync(null, database, command, ReadPreference.Primary, cancellationToken),
    };

    /// <summary>
    /// Sends a write that the server knows again by its number, where there is a replica set and the connection string does not forbid it (manual: Retryable
    /// Writes): when its answer was lost, it is asked for once more, and done once.
    /// </summary>
    /// <param name="compose">Makes the command, of its number (null: none) and the write concern (null: the server's own).</param>
    /// <exception cref="MongoException">The server refused, or could not be asked: what was asked may have been done or not.</exception>
    public async Task<BsonDocument> WriteAsync(
        string database, Func<long?, BsonDocument?, BsonDocument> compose, bool canBeRepeated, CancellationToken cancellationToken)
    {
        var concern = WriteConcern is { } given ? RawDocuments.From(given) : null;
        if (!canBeRepeated || !KnowsRepetitions)
            return await SendAsync(null, database, compose(null, concern), ReadPreference.Primary, cancellationToken);
        var options = new ClientSessionOptions { CausalConsistency = false };
        using var session = await errors.TranslateAsync(() => client.StartSessionAsync(options, cancellationToken));
        var command = compose(session.WrappedCoreSession.AdvanceTransactionNumber(), concern);
        try
        {
            return await SendAsync(session, database, command, ReadPreference.Primary, cancellationToken);
        }
        catch (MongoException first) when (MayBeRepeated(first))
        {
            return await AgainAsync(first, () => SendAsync(session, database, command, ReadPreference.Primary, cancellationToken));
        }
    }

    private Official.WriteConcern? Concern => client.Settings.WriteConcern is { IsServerDefault: false } concern ? concern : null;

    private MongoDB.Bson.BsonDocument? WriteConcern => Concern?.ToBsonDocument();

    private MongoDB.Bson.BsonDocument? ReadConcern => client.Settings.ReadConcern is { IsServerDefault: false } concern ? concern.ToBsonDocument() : null;

    /// <summary>A server that stands alone has no numbers; and nobody waits for the answer of a write that is not acknowledged.</summary>
    private bool KnowsRepetitions => client.Settings.RetryWrites && Concern is not { IsAcknowledged: false }
        && client.Cluster.Description is { Type: not (ClusterType.Standalone or ClusterType.Unknown), LogicalSessionTimeout: not null };

    private static bool MayBeRepeated(MongoException error) => error.IsTransient && error.Domain != MongoErrorDomain.ServerSelection;

    /// <summary>When the second attempt reaches no server, the first one's error says more.</summary>
    private static async Task<BsonDocument> AgainAsync(MongoException first, Func<Task<BsonDocument>> send)
    {
        try
        {
            return await send();
        }
        catch (MongoException second) when (second.Domain == MongoErrorDomain.ServerSelection)
        {
            throw first;
        }
    }

    private static BsonDocument With(BsonDocument command, string name, MongoDB.Bson.BsonDocument? concern) =>
        concern is null || !command.Get(name).IsMissing ? command : new BsonWriter().AddAll(command).Add(name, RawDocuments.From(concern)).ToDocument();

    private async Task<BsonDocument> ReadAsync(string database, BsonDocument command, ReadPreference preference, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(null, database, command, preference, cancellationToken);
        }
        catch (MongoException first) when (client.Settings.RetryReads && MayBeRepeated(first))
        {
            return await AgainAsync(first, () => SendAsync(null, database, command, preference, cancellationToken));
        }
    }

    private Task<BsonDocument> SendAsync(
        IClientSessionHandle? session, string database, BsonDocument command, ReadPreference preference, CancellationToken cancellationToken) => errors.TranslateAsync(() =>
    {
        var target = client.GetDatabase(database);
        return session is null
            ? target.RunCommandAsync(new RawCommand(command), preference, cancellationToken)
            : target.RunCommandAsync(session, new RawCommand(command), preference, cancellationToken);
    });
}
