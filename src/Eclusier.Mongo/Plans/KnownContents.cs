using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;
using Eclusier.Planning;

namespace Eclusier.Mongo.Plans;

/// <summary>
/// What collections hold. A plan is made several times in a run, and reading everything each time is too dear: as long as count, size and greatest <c>_id</c> of a
/// collection stay the same, so does what is known of it. The copy itself, and the swap, read everything again.
/// </summary>
internal sealed class KnownContents(CopyOptions options)
{
    private readonly Dictionary<string, (string Stamp, object Content)> _known = new(StringComparer.Ordinal);

    /// <summary>As it is.</summary>
    public Task<CollectionContent> OfAsync(MongoCollection collection, string server, CancellationToken cancellationToken) => RememberedAsync(
        $"{server}/{collection.Namespace}", [collection], async () => Content(await ContentHash.OfAsync(collection, options, cancellationToken)), cancellationToken);

    /// <summary>As it will be, once the transforms have been over it.</summary>
    /// <param name="children">Collections that go into it.</param>
    public Task<TransformedContent> AfterAsync(MongoCollection source, DocumentTransforms transforms, IReadOnlyList<MongoCollection> children, CancellationToken cancellationToken) => RememberedAsync(
        $"transformed/{source.Namespace}", [source, .. children], () => TransformAsync(source, transforms, cancellationToken), cancellationToken);

    /// <summary>A run has written to it.</summary>
    public void Forget() => _known.Clear();

    public static CollectionContent Content(ContentHash hash) => new(hash.Count, hash.Bytes, hash.Hex);

    private async Task<TransformedContent> TransformAsync(MongoCollection source, DocumentTransforms transforms, CancellationToken cancellationToken)
    {
        var (before, after, counts) = (ContentHash.None, ContentHash.None, TransformCounts.None);
        await foreach (var batch in source.FindAsync(transforms.Filter, new FindOptions { NoCursorTimeout = true }, cancellationToken))
        {
            var transformed = await transforms.ApplyAsync(batch, cancellationToken);
            before += ContentHash.Of(batch);
            after += ContentHash.Of(transformed.Documents);
            counts = counts.Plus(transformed.Counts, options.LargestList);
        }

        return new TransformedContent(Content(before), Content(after), [.. transforms.Report(counts).Select(TransformWords.Evidence)]);
    }

    private async Task<T> RememberedAsync<T>(string key, IReadOnlyList<MongoCollection> collections, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var stamps = new List<string>();
        foreach (var collection in collections)
            stamps.Add(await StampAsync(collection, cancellationToken));
        var stamp = string.Join('\n', stamps);
        if (_known.TryGetValue(key, out var known) && known.Stamp == stamp)
            return (T)known.Content;
        var content = await read();
        _known[key] = (stamp, content);
        return content;
    }

    private static async Task<string> StampAsync(MongoCollection collection, CancellationToken cancellationToken)
    {
        var stats = await collection.StatsAsync(cancellationToken);
        var greatest = "";
        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { Sort = BsonDocument.Of(("_id", -1)), Limit = 1, Projection = BsonDocument.Of(("_id", 1)) }, cancellationToken))
            greatest = batch[0]["_id"].ToString();
        return $"{stats.Get("count")} {stats.Get("size")} {greatest}";
    }
}

/// <param name="Source">What was read: what the filters let through.</param>
/// <param name="Expected">What a copy will hold.</param>
internal sealed record TransformedContent(CollectionContent Source, CollectionContent Expected, IReadOnlyList<TransformEvidence> Transforms);
