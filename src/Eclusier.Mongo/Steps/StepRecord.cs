using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Steps;

/// <summary>How far a run has come with one collection: a document in the target, so that any machine can go on, or go back.</summary>
/// <param name="Copied">The copy; null: it is not complete.</param>
/// <param name="Former">What was kept; null: there was nothing.</param>
internal sealed record StepRecord(string Run, string Collection, ProvedCollection? Copied, ProvedCollection? Former)
{
    /// <summary>The former collection itself, which the swap dropped: what an earlier run may have put there.</summary>
    public string? FormerUuid { get; init; }

    /// <summary>Somebody has begun to undo it: what is there is on its way back, and not to be taken for a copy that waits for its swap.</summary>
    public bool Undoing { get; init; }

    public KeptCollection Kept => Former is null ? KeptCollection.None : new KeptCollection(Former.Result, null);
}

/// <summary>A collection that was read back and found to hold what it should.</summary>
/// <param name="Uuid">It keeps it when it is renamed.</param>
internal sealed record ProvedCollection(string Uuid, ContentHash Content)
{
    public CopyResult Result => new(Content, Content, Content, Uuid);

    public static ProvedCollection Of(CopyResult copy) => new(copy.Uuid, copy.Verified);
}

/// <summary>The records of a database.</summary>
internal sealed class StepRecords(MongoDatabase database)
{
    private readonly MongoCollection _state = database.Collection(OwnCollections.State);

    public async Task<StepRecord?> FindAsync(string run, string collection, CancellationToken cancellationToken) =>
        await _state.FindOneAsync(Id(run, collection), cancellationToken) is { } found ? Read(found) : null;

    public async Task SaveAsync(StepRecord record, CancellationToken cancellationToken)
    {
        var fields = new BsonWriter().Add("run", record.Run).Add("collection", record.Collection).Add("copied", Write(record.Copied)).Add("former", Write(record.Former)).Add("formerUuid", record.FormerUuid is { } uuid ? uuid : BsonValue.Null);
        await _state.WriteAsync([new UpdateOne(Id(record.Run, record.Collection), BsonDocument.Of(("$set", fields.ToDocument())), Upsert: true)], new WriteOptions(), cancellationToken);
    }

    /// <summary>Before anything is undone.</summary>
    public Task UndoAsync(StepRecord record, CancellationToken cancellationToken) =>
        _state.WriteAsync([new UpdateOne(Id(record.Run, record.Collection), BsonDocument.Of(("$set", BsonDocument.Of(("undoing", true)))))], new WriteOptions(), cancellationToken);

    public Task RemoveAsync(string run, string collection, CancellationToken cancellationToken) =>
        _state.WriteAsync([new DeleteOne(Id(run, collection))], new WriteOptions(), cancellationToken);

    /// <summary>Nobody will go back behind this run any more.</summary>
    public Task ForgetAsync(string run, CancellationToken cancellationToken) =>
        _state.WriteAsync([new DeleteMany(BsonDocument.Of(("run", run)))], new WriteOptions(), cancellationToken);

    /// <summary>A collection is back, but as a copy with another number: the run that had put the first one there must find it.</summary>
    public Task CameBackAsync(StepRecord undone, CancellationToken cancellationToken) =>
        RenumberAsync(undone is { FormerUuid: { } former, Former: { } kept } ? [(former, kept.Uuid)] : [], cancellationToken);

    public async Task RenumberAsync(IReadOnlyList<(string Former, string Now)> numbers, CancellationToken cancellationToken)
    {
        string[] fields = ["copied.uuid", "former.uuid", "formerUuid"];
        var writes = numbers.SelectMany(number => fields.Select(field => new UpdateMany(BsonDocument.Of((field, number.Former)), BsonDocument.Of(("$set", BsonDocument.Of((field, number.Now)))))));
        await _state.WriteAsync(writes, new WriteOptions(), cancellationToken);
    }

    /// <summary>Where a copy keeps how far it has come.</summary>
    public async Task<ICopyProgress> ProgressAsync(string run, string collection, CancellationToken cancellationToken)
    {
        var last = (await _state.FindOneAsync(Id(run, collection), cancellationToken))?.Get("progress") is { Type: BsonType.String } json ? CopyProgress.FromJson(json.AsString) : null;
        return new Progress(_state, Id(run, collection), last);
    }

    private static BsonDocument Id(string run, string collection) => BsonDocument.Of(("_id", $"{OwnCollections.RunName(run)} {collection}"));

    private static StepRecord Read(BsonDocument found) => new(
        found.Get("run") is { Type: BsonType.String } run ? run.AsString : "",
        found.Get("collection") is { Type: BsonType.String } name ? name.AsString : "",
        Proved(found.Get("copied")),
        Proved(found.Get("former")))
    {
        FormerUuid = found.Get("formerUuid") is { Type: BsonType.String } uuid ? uuid.AsString : null,
        Undoing = found.Get("undoing") is { Type: BsonType.Boolean } undoing && undoing.AsBoolean,
    };

    private static BsonValue Write(ProvedCollection? proved) => proved is null ? BsonValue.Null : BsonDocument.Of(("uuid", proved.Uuid), ("content", proved.Content.ToString()));

    private static ProvedCollection? Proved(BsonValue value) =>
        value.Type == BsonType.Document ? new ProvedCollection(value.AsDocument["uuid"].AsString, ContentHash.Parse(value.AsDocument["content"].AsString)) : null;

    private sealed class Progress(MongoCollection state, BsonDocument id, CopyProgress? last) : ICopyProgress
    {
        public CopyProgress? Last => last;

        public Task SaveAsync(CopyProgress progress, CancellationToken cancellationToken) => state.WriteAsync(
            [new UpdateOne(id, BsonDocument.Of(("$set", BsonDocument.Of(("progress", progress.ToJson())))), Upsert: true)], new WriteOptions(), cancellationToken);
    }
}
