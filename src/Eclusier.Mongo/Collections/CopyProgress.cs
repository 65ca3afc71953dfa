using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>Keeps how far a copy has come, so that a run which was cut short can go on. Called by several ranges, one at a time.</summary>
public interface ICopyProgress
{
    /// <summary>Null: nothing was kept; the copy begins anew, and finds what is in the target already.</summary>
    CopyProgress? Last { get; }

    Task SaveAsync(CopyProgress progress, CancellationToken cancellationToken);
}

/// <summary>How far a copy has come.</summary>
/// <param name="Collection">The uuid of the target collection: another one has nothing of this copy.</param>
/// <param name="Ranges">In the order of <c>_id</c>.</param>
public sealed record CopyProgress(string Collection, IReadOnlyList<RangeProgress> Ranges)
{
    /// <summary>Documents read.</summary>
    public long Count => Ranges.Sum(range => range.Source.Count);

    /// <summary>Extended JSON that keeps every type.</summary>
    public string ToJson() => BsonJson.Keep(BsonDocument.Of(
        ("collection", Collection),
        ("ranges", BsonValue.Array(Ranges.Select(range => (BsonValue)range.ToDocument())))));

    /// <exception cref="FormatException">This is not what <see cref="ToJson"/> wrote.</exception>
    public static CopyProgress FromJson(string json)
    {
        var document = BsonJson.Restore(json);
        return new CopyProgress(
            document["collection"].AsString,
            [.. document["ranges"].AsDocument.Values().Select(range => RangeProgress.Of(range.AsDocument))]);
    }
}

/// <summary>How far a range has come.</summary>
public sealed record RangeProgress(IdRange Range)
{
    /// <summary>The <c>_id</c> of the last document that is in the target for sure; missing: none.</summary>
    public BsonValue Last { get; init; }

    public bool IsDone { get; init; }

    /// <summary>Of what was read.</summary>
    public ContentHash Source { get; init; }

    /// <summary>Of what was written.</summary>
    public ContentHash Expected { get; init; }

    public TransformCounts Counts { get; init; } = TransformCounts.None;

    internal BsonDocument ToDocument() => BsonDocument.Of(
        ("from", Range.From),
        ("to", Range.To),
        ("last", Last),
        ("done", IsDone),
        ("source", Source.ToString()),
        ("expected", Expected.ToString()),
        ("counts", Counts.ToDocument()));

    internal static RangeProgress Of(BsonDocument document) => new(new IdRange(document.Get("from"), document.Get("to")))
    {
        Last = document.Get("last"),
        IsDone = document["done"].AsBoolean,
        Source = ContentHash.Parse(document["source"].AsString),
        Expected = ContentHash.Parse(document["expected"].AsString),
        Counts = TransformCounts.Of(document["counts"].AsDocument),
    };
}
