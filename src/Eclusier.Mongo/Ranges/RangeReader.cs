using System.Runtime.CompilerServices;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Ranges;

/// <summary>
/// Reads a range of a collection by the index on <c>_id</c>, and goes on behind the last document when the cursor is lost or another server takes over. The range is
/// <c>min</c> and <c>max</c> of the index and not a filter: <c>$gt</c> finds values of its operand's type only.
/// </summary>
internal sealed class RangeReader(MongoCollection collection, CollectionLayout layout, IdRange range, CopyOptions options)
{
    private static readonly BsonDocument ById = BsonDocument.Of(("_id", 1));
    private static readonly BsonDocument Natural = BsonDocument.Of(("$natural", 1));

    /// <inheritdoc cref="FindOptions.ReuseMemory"/>
    public bool ReuseMemory { get; init; }

    /// <param name="after">Where an earlier reader stopped; missing: at the beginning of the range.</param>
    public async IAsyncEnumerable<IReadOnlyList<BsonDocument>> ReadAsync(
        BsonDocument filter, [EnumeratorCancellation] CancellationToken cancellationToken, BsonValue after = default)
    {
        var retry = new TransientRetry(options);
        var (last, read) = (after, 0L);
        while (true)
        {
            await using var batches = collection.FindAsync(filter, Settings(last, read), cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await batches.MoveNextAsync())
                        yield break;
                    retry.Succeeded();
                }
                catch (MongoException e) when (!cancellationToken.IsCancellationRequested)
                {
                    if (!await retry.WaitAsync(e, cancellationToken))
                        throw;
                    break;
                }
                var batch = Behind(last, batches.Current);
                if (batch.Count == 0)
                    continue;
                (last, read) = (batch[^1]["_id"].Copy(), read + batch.Count);
                yield return batch;
            }
        }
    }

    /// <param name="last">What was read last; missing: nothing.</param>
    private FindOptions Settings(BsonValue last, long read)
    {
        var settings = new FindOptions { BatchSize = BatchSize(), BatchBytes = options.BatchBytes, ReuseMemory = ReuseMemory };
        // A capped collection has no order but that of insertion, and no way to begin in the middle but to skip.
        if (!layout.HasIdOrder)
            return settings with { Sort = layout.IsCapped ? Natural : null, Skip = read == 0 ? null : read };
        var from = last.IsMissing ? range.From : last;
        return settings with
        {
            Sort = ById,
            Hint = ById,
            Min = from.IsMissing ? null : BsonDocument.Of(("_id", from)),
            Max = range.To.IsMissing ? null : BsonDocument.Of(("_id", range.To)),
        };
    }

    /// <summary>The server sends up to 16 MB where it is only told a count: documents of an average size are asked for as one batch.</summary>
    private int BatchSize() => layout.DocumentBytes == 0 ? options.BatchCount : (int)Math.Clamp(options.BatchBytes / layout.DocumentBytes, 1, options.BatchCount);

    /// <summary><c>min</c> is a part of what is read.</summary>
    private IReadOnlyList<BsonDocument> Behind(BsonValue last, IReadOnlyList<BsonDocument> batch) =>
        layout.HasIdOrder && !last.IsMissing && batch.Count > 0 && BsonOrder.Instance.Equals(batch[0]["_id"], last) ? [.. batch.Skip(1)] : batch;
}
