using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Transforms;

/// <summary>What became of some documents, transform by transform; and what the target made of them. Counts of parts add up.</summary>
public sealed record TransformCounts(IReadOnlyList<TransformCount> Transforms)
{
    public static TransformCounts None { get; } = new([]);

    /// <summary>Documents with an empty timestamp, which MongoDB has filled in.</summary>
    public DocumentList EmptyTimestamps { get; init; } = DocumentList.None;

    internal TransformCounts Plus(TransformCounts other, int most) => new(
        [.. Enumerable.Range(0, Math.Max(Transforms.Count, other.Transforms.Count)).Select(index => At(index).Plus(other.At(index), most))])
    {
        EmptyTimestamps = EmptyTimestamps.Plus(other.EmptyTimestamps, most),
    };

    internal TransformCount At(int index) => index < Transforms.Count ? Transforms[index] : TransformCount.None;

    internal BsonDocument ToDocument() => BsonDocument.Of(
        ("transforms", BsonValue.Array(Transforms.Select(count => (BsonValue)count.ToDocument()))),
        ("emptyTimestamps", TransformCount.Write(EmptyTimestamps)));

    internal static TransformCounts Of(BsonDocument document) => new([.. document["transforms"].AsDocument.Values().Select(count => TransformCount.Of(count.AsDocument))])
    {
        EmptyTimestamps = TransformCount.Read(document["emptyTimestamps"].AsDocument),
    };
}

/// <inheritdoc cref="TransformReport"/>
public sealed record TransformCount(long Changed, long Values)
{
    public static TransformCount None { get; } = new(0, 0);

    public DocumentList Superseded { get; init; } = DocumentList.None;

    public DocumentList Refused { get; init; } = DocumentList.None;

    internal TransformCount Plus(TransformCount other, int most) => new(Changed + other.Changed, Values + other.Values)
    {
        Superseded = Superseded.Plus(other.Superseded, most),
        Refused = Refused.Plus(other.Refused, most),
    };

    internal BsonDocument ToDocument() =>
        BsonDocument.Of(("changed", Changed), ("values", Values), ("superseded", Write(Superseded)), ("refused", Write(Refused)));

    internal static TransformCount Of(BsonDocument document) => new(document["changed"].ToInt64(), document["values"].ToInt64())
    {
        Superseded = Read(document["superseded"].AsDocument),
        Refused = Read(document["refused"].AsDocument),
    };

    internal static BsonDocument Write(DocumentList list) => BsonDocument.Of(("count", list.Count), ("first", BsonValue.Array(list.First)));

    internal static DocumentList Read(BsonDocument document) => new(document["count"].ToInt64(), [.. document["first"].AsDocument.Values()]);
}
