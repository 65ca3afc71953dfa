using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Collections;

/// <summary>A collection's documents one by one, in the order of <c>_id</c> by <see cref="BsonOrder"/>, whatever collation the collection has.</summary>
internal sealed class OrderedDocuments : IAsyncDisposable
{
    private static readonly BsonDocument ById = BsonDocument.Of(("_id", 1));
    private static readonly BsonDocument Simple = BsonDocument.Of(("locale", "simple"));

    private readonly IAsyncEnumerator<IReadOnlyList<BsonDocument>> _batches;
    private IReadOnlyList<BsonDocument> _batch = [];
    private int _next;

    private OrderedDocuments(IAsyncEnumerator<IReadOnlyList<BsonDocument>> batches) => _batches = batches;

    /// <summary>Null: before the first, and behind the last.</summary>
    public BsonDocument? Current { get; private set; }

    public static async Task<OrderedDocuments> OpenAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken)
    {
        var layout = await CollectionLayout.FindAsync(collection, options, cancellationToken);
        if (layout is { HasIdOrder: true } && layout.Options.Get("collation").IsMissing)
            return new OrderedDocuments(new RangeReader(collection, layout, layout.Ranges[0], options).ReadAsync(BsonDocument.Empty, cancellationToken).GetAsyncEnumerator(cancellationToken));
        // The index has another order, or there is none: the server sorts, and a lost cursor is an error.
        var settings = new FindOptions { Sort = ById, Collation = Simple, AllowDiskUse = true, BatchSize = options.BatchCount, BatchBytes = options.BatchBytes };
        return new OrderedDocuments(collection.FindAsync(BsonDocument.Empty, settings, cancellationToken).GetAsyncEnumerator(cancellationToken));
    }

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
