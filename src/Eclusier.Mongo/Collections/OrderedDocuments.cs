using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

/// <summary>A collection's documents one by one, in the order of <c>_id</c> by <see cref="BsonOrder"/>, whatever collation the collection has.</summary>
internal sealed class OrderedDocuments : IAsyncDisposable
{
    private static readonly BsonDocument ById = BsonDocument.Of(("_id", 1));
    private static readonly BsonDocument Simple = BsonDocument.Of(("locale", "simple"));

    private readonly IAsyncEnumerator<IReadOnlyList<BsonDocument>> _batches;
    private IReadOnlyList<BsonDocument> _batch = [];
    private int _next;

    public OrderedDocuments(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken)
    {
        var settings = new FindOptions { Sort = ById, Collation = Simple, AllowDiskUse = true, BatchSize = options.BatchCount, BatchBytes = options.BatchBytes };
        _batches = collection.FindAsync(BsonDocument.Empty, settings, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Null: before the first, and behind the last.</summary>
    public BsonDocument? Current { get; private set; }

    public async Task MoveAsync()
    {
        if (_next == _batch.Count)
        {
            _batch = await _batches.MoveNextAsync() ? _batches.Current : [];
            _next = 0;
        }
        Current = _next < _batch.Count ? _batch[_next++] : null;
    }

    public ValueTask DisposeAsync() => _batches.DisposeAsync();
}
