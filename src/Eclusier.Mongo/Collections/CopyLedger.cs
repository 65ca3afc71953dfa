using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>Keeps how far every range has come. Thread-safe.</summary>
internal sealed class CopyLedger(CopyProgress begin, ICopyProgress? keeper, CopyOptions options)
{
    private readonly RangeProgress[] _ranges = [.. begin.Ranges];
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private long _saved = options.Time.GetTimestamp();
    private long _resumed = begin.Count;

    /// <summary>Only the range itself changes its own.</summary>
    public RangeProgress this[int range] => _ranges[range];

    /// <param name="present">Documents that were in the target already.</param>
    public async Task NoteAsync(int range, RangeProgress progress, long present, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            _ranges[range] = progress;
            _resumed += present;
            if (keeper is null || (!progress.IsDone && options.Time.GetElapsedTime(_saved) < options.SaveEvery))
                return;
            await keeper.SaveAsync(begin with { Ranges = [.. _ranges] }, cancellationToken);
            _saved = options.Time.GetTimestamp();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public CopyResult Result(ContentHash verified, DocumentTransforms? transforms)
    {
        var counts = _ranges.Aggregate(TransformCounts.None, (sum, range) => sum.Plus(range.Counts, options.LargestList));
        return new CopyResult(Sum(range => range.Source), Sum(range => range.Expected), verified, begin.Collection)
        {
            Transforms = transforms?.Report(counts) ?? [],
            EmptyTimestamps = counts.EmptyTimestamps,
            Resumed = _resumed,
        };
    }

    private ContentHash Sum(Func<RangeProgress, ContentHash> part) => _ranges.Select(part).Aggregate(ContentHash.None, (sum, hash) => sum + hash);
}
