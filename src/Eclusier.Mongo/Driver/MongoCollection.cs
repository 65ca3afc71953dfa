using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Driver;

/// <summary>One collection. Thread-safe; holds nothing itself. Every method throws <see cref="MongoException"/> when the server refuses or cannot be asked.</summary>
public sealed class MongoCollection
{
    private readonly MongoClient _client;

    internal MongoCollection(MongoClient client, MongoNamespace name) => (_client, Namespace) = (client, name);

    private unsafe delegate void* Opening(void* collection);

    public MongoNamespace Namespace { get; }

    /// <summary>The database that it is in.</summary>
    public MongoDatabase Database => _client.Database(Namespace.Database);

    /// <summary>Reads documents batch by batch. A caller that sorts by <c>_id</c> and asks for those beyond the last one can go on after an error.</summary>
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> FindAsync(BsonDocument filter, FindOptions options, CancellationToken cancellationToken)
    {
        var settings = options.ToDocument();
        return MongoCursor.ReadAsync(_client.Pool, Open, new BatchLimits(options.BatchSize, options.BatchBytes, options.ReuseMemory), cancellationToken);

        unsafe nint Open(nint client)
        {
            using var filterView = new NativeBsonView(filter);
            using var settingsView = new NativeBsonView(settings);
            return OpenOn(client, collection => LibMongoc.mongoc_collection_find_with_opts(collection, filterView.Pointer, settingsView.Pointer, null));
        }
    }

    /// <summary>Runs a pipeline.</summary>
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> AggregateAsync(
        IEnumerable<BsonDocument> pipeline, AggregateOptions options, CancellationToken cancellationToken)
    {
        var stages = BsonDocument.ArrayOf(pipeline.Select(stage => (BsonValue)stage));
        var settings = options.ToDocument();
        return MongoCursor.ReadAsync(_client.Pool, Open, new BatchLimits(options.BatchSize, options.BatchBytes), cancellationToken);

        unsafe nint Open(nint client)
        {
            using var stagesView = new NativeBsonView(stages);
            using var settingsView = new NativeBsonView(settings);
            return OpenOn(client, collection => LibMongoc.mongoc_collection_aggregate(collection, 0, stagesView.Pointer, settingsView.Pointer, null));
        }
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
            var reply = await Blocking.RunAsync(() => NativeBulk.Run(_client.Pool, Namespace, batch, options), cancellationToken);
            result = result.Plus(WriteResult.Of(reply, sent));
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
        var all = new List<BsonDocument>();
        await foreach (var batch in MongoCursor.ReadAsync(_client.Pool, OpenIndexes, BatchLimits.Few, cancellationToken))
            all.AddRange(batch);
        return all;
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
        catch (MongoException e) when (e is { Domain: MongoErrorDomain.Server, Code: 26 })
        {
            return false;
        }
    }

    private static IEnumerable<IReadOnlyList<MongoWrite>> Batches(IEnumerable<MongoWrite> writes, WriteOptions options)
    {
        var batch = new List<MongoWrite>();
        var bytes = 0L;
        foreach (var write in writes)
        {
            if (batch.Count > 0 && (batch.Count >= options.BatchCount || bytes + write.Size > options.BatchBytes))
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

    private unsafe nint OpenIndexes(nint client) =>
        OpenOn(client, collection => LibMongoc.mongoc_collection_find_indexes_with_opts(collection, null));

    /// <summary>A cursor copies what it needs of its collection.</summary>
    private unsafe nint OpenOn(nint client, Opening opening)
    {
        var collection = LibMongoc.mongoc_client_get_collection((void*)client, Namespace.Database, Namespace.Collection);
        try
        {
            return (nint)opening(collection);
        }
        finally
        {
            LibMongoc.mongoc_collection_destroy(collection);
        }
    }
}
