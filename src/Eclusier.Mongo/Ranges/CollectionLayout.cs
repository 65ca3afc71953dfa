using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Ranges;

/// <summary>What a collection is, and in which parts it can be read.</summary>
/// <param name="Description">What <c>listCollections</c> says.</param>
internal sealed record CollectionLayout(BsonDocument Description, IReadOnlyList<IdRange> Ranges)
{
    private const int SamplesPerRange = 50;

    private static readonly IdRange Whole = new(default, default);

    public string Name => Description["name"].AsString;

    public string Type => Description.Get("type") is { Type: BsonType.String } type ? type.AsString : "collection";

    public BsonDocument Options => Description.Get("options") is { Type: BsonType.Document } options ? options.AsDocument : BsonDocument.Empty;

    public bool IsCapped => Options.Get("capped") is { Type: BsonType.Boolean } capped && capped.AsBoolean;

    /// <summary>Whether the index on <c>_id</c> gives its order: not that of a capped collection, and a view has none.</summary>
    public bool HasIdOrder => Type == "collection" && !IsCapped;

    /// <summary>Hexadecimal; empty for a view.</summary>
    public string Uuid => Description.Get("info") is { Type: BsonType.Document } info && info.AsDocument.Get("uuid") is { Type: BsonType.Binary } uuid
        ? Convert.ToHexStringLower(uuid.AsBinary.Span)
        : "";

    /// <summary>One range.</summary>
    public CollectionLayout Undivided() => this with { Ranges = [Whole] };

    /// <summary>Those of every collection, MongoDB's own among them.</summary>
    public static async Task<IReadOnlyList<CollectionLayout>> AllAsync(MongoDatabase database, CopyOptions options, CancellationToken cancellationToken) =>
        [.. (await TransientRetry.RunAsync(() => database.ListCollectionsAsync(cancellationToken), options, cancellationToken)).Select(description => new CollectionLayout(description, [Whole]))];

    /// <returns>Null: there is no such collection.</returns>
    public static async Task<CollectionLayout?> FindAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken) =>
        (await AllAsync(collection.Database, options, cancellationToken)).FirstOrDefault(layout => layout.Name == collection.Namespace.Collection);

    /// <summary>Bytes of a document, on average; zero: not known.</summary>
    public long DocumentBytes { get; init; }

    /// <summary>In ranges of about the same number of documents, by a sample that the server takes and sorts in its own order, whatever the types of <c>_id</c>.</summary>
    public async Task<CollectionLayout> DividedAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken)
    {
        if (!HasIdOrder)
            return this;
        var stats = await TransientRetry.RunAsync(() => collection.StatsAsync(cancellationToken), options, cancellationToken);
        var (count, bytes) = (stats["count"].ToInt64(), stats["size"].ToInt64());
        var measured = this with { DocumentBytes = count == 0 ? 0 : bytes / count };
        var wanted = (int)Math.Clamp(Math.Max(count / options.DocumentsPerRange, bytes / options.BytesPerRange), 1, Math.Min(options.LargestRanges, Math.Max(count, 1)));
        if (wanted == 1)
            return measured;
        var sample = await TransientRetry.RunAsync(() => SampleAsync(collection, wanted * SamplesPerRange, cancellationToken), options, cancellationToken);
        return sample.Count < wanted ? measured : measured with { Ranges = Between(Boundaries(sample, wanted)) };
    }

    private static async Task<List<BsonValue>> SampleAsync(MongoCollection collection, int size, CancellationToken cancellationToken)
    {
        BsonDocument[] pipeline =
        [
            BsonDocument.Of(("$sample", BsonDocument.Of(("size", size)))),
            BsonDocument.Of(("$project", BsonDocument.Of(("_id", 1)))),
            BsonDocument.Of(("$sort", BsonDocument.Of(("_id", 1)))),
        ];
        var ids = new List<BsonValue>();
        await foreach (var batch in collection.AggregateAsync(pipeline, new AggregateOptions { AllowDiskUse = true }, cancellationToken))
            ids.AddRange(batch.Select(document => document["_id"].Copy()));
        return ids;
    }

    /// <summary>A sample may hold the same document twice.</summary>
    private static List<BsonValue> Boundaries(List<BsonValue> sample, int wanted) =>
        [.. Enumerable.Range(1, wanted - 1).Select(index => sample[sample.Count * index / wanted]).Distinct(BsonOrder.Instance)];

    private static List<IdRange> Between(List<BsonValue> boundaries) =>
        [.. Enumerable.Range(0, boundaries.Count + 1).Select(index => new IdRange(
            index == 0 ? default : boundaries[index - 1],
            index == boundaries.Count ? default : boundaries[index]))];
}
