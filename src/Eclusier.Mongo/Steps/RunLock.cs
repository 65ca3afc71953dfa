using System.Diagnostics;
using System.Security.Cryptography;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Steps;

/// <summary>
/// One run at a time on a database. MongoDB has no locks of that kind: it is a document, and holds for a minute by the server's clock, renewed as long as the run lives. That of
/// a process of this machine which is gone holds no longer.
/// </summary>
internal sealed class RunLock : IAsyncDisposable
{
    private const int DuplicateKey = 11000;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly BsonDocument Id = BsonDocument.Of(("_id", "lock"));

    private readonly MongoClient _client;
    private readonly MongoCollection _state;
    private readonly string _token = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly CancellationTokenSource _ending = new();
    private Task _renewing = Task.CompletedTask;

    private RunLock(MongoClient client, MongoCollection state) => (_client, _state) = (client, state);

    private BsonDocument Ours => BsonDocument.Of(("_id", "lock"), ("token", _token));

    /// <param name="holder">What another run is told of this one.</param>
    /// <exception cref="EclusierException">Another run holds it, and who.</exception>
    public static async Task<RunLock> TakeAsync(MongoClient client, MongoDatabase database, string target, string holder, CancellationToken cancellationToken)
    {
        var taken = new RunLock(client, database.Collection(OwnCollections.State));
        var started = Stopwatch.GetTimestamp();
        while (!await taken.TryAsync(holder, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw await taken.HeldAsync(target, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        taken._renewing = taken.RenewAsync();
        return taken;
    }

    /// <summary>Before what cannot be taken back.</summary>
    /// <exception cref="EclusierException">This run was cut off from the server for so long that another one has begun.</exception>
    public async Task EnsureHeldAsync(string target, CancellationToken cancellationToken)
    {
        if (await _state.FindOneAsync(Ours, cancellationToken) is null)
            throw await HeldAsync(target, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _renewing;
        _ending.Dispose();
        try
        {
            await _state.WriteAsync([new DeleteOne(Ours)], new WriteOptions(), CancellationToken.None);
        }
        catch (MongoException)
        {
            // The server is gone; the lease ends by itself.
        }
    }

    private async Task<bool> TryAsync(string holder, CancellationToken cancellationToken)
    {
        var now = await NowAsync(cancellationToken);
        if (await _state.FindOneAsync(Id, cancellationToken) is { } held && (held["until"].AsDateTime < now || IsDeadNeighbour(held)))
            await _state.WriteAsync([new DeleteOne(BsonDocument.Of(("_id", "lock"), ("token", held["token"])))], new WriteOptions(), cancellationToken);
        var document = BsonDocument.Of(
            ("_id", "lock"), ("token", _token), ("holder", holder), ("host", Environment.MachineName), ("pid", Environment.ProcessId), ("since", now), ("until", now + Lease));
        var result = await _state.WriteAsync([new InsertOne(document)], new WriteOptions(), cancellationToken);
        return result.Errors.Count == 0 || (result.Errors[0].Code == DuplicateKey ? false : throw new InvalidOperationException(result.Errors[0].Message));
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, _ending.Token);
                try
                {
                    var until = await NowAsync(_ending.Token) + Lease;
                    await _state.WriteAsync([new UpdateOne(Ours, BsonDocument.Of(("$set", BsonDocument.Of(("until", until)))))], new WriteOptions(), _ending.Token);
                }
                catch (MongoException error) when (error.IsTransient)
                {
                    // The next renewal comes before the lease ends, and EnsureHeldAsync tells when it did not.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
        catch (MongoException)
        {
            // Refused: EnsureHeldAsync tells.
        }
    }

    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        (await _client.RunCommandAsync("admin", BsonDocument.Of(("hello", 1)), cancellationToken))["localTime"].AsDateTime;

    private static bool IsDeadNeighbour(BsonDocument held)
    {
        if (held["host"].AsString != Environment.MachineName)
            return false;
        try
        {
            using var process = Process.GetProcessById((int)held["pid"].ToInt64());
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private async Task<EclusierException> HeldAsync(string target, CancellationToken cancellationToken)
    {
        var held = await _state.FindOneAsync(Id, cancellationToken);
        var holder = held is null ? "-" : $"{held["holder"].AsString}, {held["since"].AsDateTime:yyyy-MM-dd HH:mm:ss} UTC";
        return new UnavailableException(
            new Text($"Another run holds the lock: {holder}", $"Une autre exécution détient le verrou : {holder}"),
            target,
            new Text("Wait for it to end, then run the same command again. (That of a machine that died ends after a minute.)", "Attendez qu'elle se termine, puis relancez la même commande. (Celui d'une machine arrêtée expire après une minute.)"));
    }
}
