using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using BsonDocument = Eclusier.Mongo.Bson.BsonDocument;
using BsonValue = Eclusier.Mongo.Bson.BsonValue;

namespace Eclusier.Mongo.Driver;

/// <summary>One collection. Thread-safe; holds nothing itself. Every method throws <see cref="MongoException"/> when the server refuses or cannot be asked.</summary>
public sealed class MongoCollection
{
    private const int NamespaceNotFound = 26;

    private readonly MongoClient _client;

    internal MongoCollection(MongoClient client, MongoNamespace name) => (_client, Namespace) = (client, name);

    public MongoNamespace Namespace { get; }

    /// <summary>The database that it is in.</summary>
    public MongoDatabase Database => _client.Database(Namespace.Database);

    /// <summary>Reads documents batch by batch. A caller that sorts by <c>_id</c> and asks for those beyond the last one can go on after an error.</summary>
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> FindAsync(BsonDocument filter, FindOptions options, CancellationToken cancellationToken)
    {
        var wanted = new BsonDocumentFilterDefinition<RawBsonDocument>(RawDocuments.Of(filter));
        return MongoCursor.ReadAsync(
            _client.Errors,
            memory => Official().FindAsync(wanted, options.ForDriver(memory), cancellationToken),
            new BatchLimits(options.BatchSize, options.BatchBytes, options.ReuseMemory),
            cancellationToken);
    }

    /// <summary>Runs a pipeline. One that ends with <c>$out</c> or <c>$merge</c> returns nothing.</summary>
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> AggregateAsync(
        IEnumerable<BsonDocument> pipeline, AggregateOptions options, CancellationToken cancellationToken)
    {
        var stages = pipeline.ToList();
        return stages.LastOrDefault()?.FirstOrDefault().Name is "$out" or "$merge"
            ? WriteStagesAsync(stages, options, cancellationToken)
            : MongoCursor.ReadAsync(
                _client.Errors,
                memory => Official().AggregateAsync(new RawPipeline(stages, memory), options.ForDriver(), cancellationToken),
                new BatchLimits(options.BatchSize, options.BatchBytes),
                cancellationToken);
    }

    /// <summary>The first document; null when there is none.</summary>
    public async Task<BsonDocument?> FindOneAsync(BsonDocument filter, CancellationToken cancellationToken)
    {
        await foreach (var batch in FindAsync(filter, new FindOptions { Limit = 1 }, cancellationToken))
            return batch[0];
        return null;
    }

    /// <summary>Sends writes in batches, in their order.</summary>
    /// <returns>What was done, and what the server refused.</returns>
    public async Task<WriteResult> WriteAsync(IEnumerable<MongoWrite> writes, WriteOptions options, CancellationToken cancellationToken)
    {
        var result = WriteResult.None;
        var sent = 0;
        foreach (var batch in Batches(writes, options))
        {
            var reply = await SendAsync(batch, options, cancellationToken);
            result = result.Plus(WriteResult.Of(reply, batch[0].Command, sent));
            sent += batch.Count;
            if (options.Ordered && result.Errors.Count > 0)
                break;
        }
        return result;
    }

    /// <summary>Inserts documents byte for byte, in batches.</summary>
    /// <inheritdoc cref="WriteAsync" path="/returns"/>
    public Task<WriteResult> InsertAsync(IEnumerable<BsonDocument> documents, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(documents.Select(document => new InsertOne(document)), options, cancellationToken);

    /// <summary>Counts one by one, whatever the server's statistics say.</summary>
    /// <param name="maxTime"><inheritdoc cref="FindOptions.MaxTime" path="/summary"/> Null: as long as it takes.</param>
    public async Task<long> CountAsync(BsonDocument filter, CancellationToken cancellationToken, TimeSpan? maxTime = null)
    {
        BsonDocument[] pipeline =
        [
            BsonDocument.Of(("$match", filter)),
            BsonDocument.Of(("$group", BsonDocument.Of(("_id", 1), ("n", BsonDocument.Of(("$sum", 1)))))),
        ];
        await foreach (var batch in AggregateAsync(pipeline, new AggregateOptions { MaxTime = maxTime }, cancellationToken))
            return batch[0]["n"].ToInt64();
        return 0;
    }

    /// <summary>Documents by the server's statistics: at once, and wrong after a crash or on a sharded cluster.</summary>
    public async Task<long> EstimatedCountAsync(CancellationToken cancellationToken)
    {
        var reply = await _client.RunReadCommandAsync(Namespace.Database, BsonDocument.Of(("count", Namespace.Collection)), cancellationToken);
        return reply["n"].ToInt64();
    }

    /// <summary>What <c>collStats</c> says; error 26 on some versions when there is no such collection.</summary>
    public Task<BsonDocument> StatsAsync(CancellationToken cancellationToken) =>
        _client.RunReadCommandAsync(Namespace.Database, BsonDocument.Of(("collStats", Namespace.Collection)), cancellationToken);

    /// <summary>What <c>listIndexes</c> says; none when there is no such collection.</summary>
    public async Task<IReadOnlyList<BsonDocument>> ListIndexesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var command = BsonDocument.Of(("listIndexes", Namespace.Collection), ("cursor", MongoClient.WholeList));
            return await _client.ListAsync(Namespace.Database, command, cancellationToken);
        }
        catch (MongoException e) when (e is { Domain: MongoErrorDomain.Server, Code: NamespaceNotFound })
        {
            return [];
        }
    }

    /// <summary>Builds indexes; those that exist already are left alone.</summary>
    /// <param name="indexes">As <c>listIndexes</c> says it: <c>key</c>, <c>name</c>, <c>unique</c>, …</param>
    /// <exception cref="MongoException">85, 86: another index has this name or these keys; 11000: documents are not unique.</exception>
    public Task<BsonDocument> CreateIndexesAsync(IEnumerable<BsonDocument> indexes, CancellationToken cancellationToken) => _client.RunWriteCommandAsync(
        Namespace.Database,
        BsonDocument.Of(("createIndexes", Namespace.Collection), ("indexes", BsonValue.Array(indexes.Select(index => (BsonValue)index)))),
        cancellationToken);

    /// <exception cref="MongoException">27: there is no such index.</exception>
    public Task DropIndexAsync(string name, CancellationToken cancellationToken) => _client.RunWriteCommandAsync(
        Namespace.Database, BsonDocument.Of(("dropIndexes", Namespace.Collection), ("index", name)), cancellationToken);

    /// <summary>Drops the collection.</summary>
    /// <returns>False: there was none.</returns>
    public async Task<bool> DropAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.RunWriteCommandAsync(Namespace.Database, BsonDocument.Of(("drop", Namespace.Collection)), cancellationToken);
            return true;
        }
        catch (MongoException e) when (e is { Domain: MongoErrorDomain.Server, Code: NamespaceNotFound })
        {
            return false;
        }
    }

    /// <summary>Each of one kind, and none larger than one command may be.</summary>
    private static IEnumerable<IReadOnlyList<MongoWrite>> Batches(IEnumerable<MongoWrite> writes, WriteOptions options)
    {
        var batch = new List<MongoWrite>();
        var bytes = 0L;
        foreach (var write in writes)
        {
            if (batch.Count > 0 && (batch.Count >= Math.Min(options.BatchCount, WriteOptions.LargestCount)
                || bytes + write.Size > Math.Min(options.BatchBytes, WriteOptions.LargestBytes) || batch[0].Command != write.Command))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }
            batch.Add(write);
            bytes += write.Size;
        }
        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>Refusals are a part of the answer; without any, a write that did not reach as many servers as it should is an error.</summary>
    private async Task<BsonDocument> SendAsync(IReadOnlyList<MongoWrite> batch, WriteOptions options, CancellationToken cancellationToken)
    {
        using var command = new BulkCommand(batch);
        try
        {
            return await _client.Commands.WriteAsync(
                Namespace.Database,
                (number, concern) => command.Compose(Namespace.Collection, options, number, concern),
                command.CanBeRepeated,
                cancellationToken);
        }
        catch (MongoException e) when (e is { Domain: MongoErrorDomain.WriteConcern, Reply: { } reply } && WriteResult.HasErrors(reply))
        {
            return reply;
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<BsonDocument>> WriteStagesAsync(
        IReadOnlyList<BsonDocument> stages, AggregateOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _client.Errors.TranslateAsync(async () =>
        {
            await Official().AggregateToCollectionAsync(new RawPipeline(stages, new BatchMemory(reused: false)), options.ForDriver(), cancellationToken);
            return true;
        });
        yield break;
    }

    /// <exception cref="ArgumentException">The driver does not take a name; the server would not either.</exception>
    private IMongoCollection<RawBsonDocument> Official() =>
        _client.Official.GetDatabase(Namespace.Database).GetCollection<RawBsonDocument>(Namespace.Collection);
}
