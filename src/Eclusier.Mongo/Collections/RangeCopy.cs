using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>Copies one range after the other. Thread-safe.</summary>
internal sealed class RangeCopy(CopyOrder order, CollectionLayout layout, CopyLedger ledger, CopyOptions options)
{
    private readonly CopyWriter _writer = new(order.Target, !layout.Options.Get("validator").IsMissing, options);

    public async Task RunAsync(int range, CancellationToken cancellationToken)
    {
        var progress = ledger[range];
        if (progress.IsDone)
            return;
        var reader = new RangeReader(order.Source, layout, progress.Range, options) { ReuseMemory = true };
        await foreach (var batch in reader.ReadAsync(order.Transforms?.Filter ?? BsonDocument.Empty, cancellationToken, progress.Last))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (next, present) = await CopyAsync(progress, batch, cancellationToken);
            progress = next;
            await ledger.NoteAsync(range, progress, present, cancellationToken);
        }
        await ledger.NoteAsync(range, progress with { IsDone = true }, 0, cancellationToken);
    }

    private async Task<(RangeProgress Progress, long Present)> CopyAsync(RangeProgress progress, IReadOnlyList<BsonDocument> batch, CancellationToken cancellationToken)
    {
        var transformed = order.Transforms is null ? new TransformedBatch(batch, TransformCounts.None) : await order.Transforms.ApplyAsync(batch, cancellationToken);
        var written = await _writer.WriteAsync(transformed.Documents, cancellationToken);
        var (source, expected) = Hash(batch, written.Documents);
        var next = progress with
        {
            Last = batch[^1]["_id"].Copy(),
            Source = progress.Source + source,
            Expected = progress.Expected + expected,
            Counts = progress.Counts.Plus(transformed.Counts, options.LargestList).Plus(written.Counts, options.LargestList),
        };
        return (next, written.Present);
    }

    /// <summary>A document that was not changed is hashed once.</summary>
    private static (ContentHash Source, ContentHash Expected) Hash(IReadOnlyList<BsonDocument> read, IReadOnlyList<BsonDocument> written)
    {
        var (source, expected) = (ContentHash.None, ContentHash.None);
        for (var index = 0; index < read.Count; index++)
        {
            var hash = ContentHash.Of(read[index]);
            source += hash;
            expected += ReferenceEquals(read[index], written[index]) ? hash : ContentHash.Of(written[index]);
        }
        return (source, expected);
    }
}
