using System.Runtime.CompilerServices;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Transforms;

/// <summary>Child documents, after their own transforms. Thread-safe.</summary>
internal interface IChildren
{
    /// <summary>All of them.</summary>
    IAsyncEnumerable<IReadOnlyList<BsonDocument>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Those of some parents, by key.</summary>
    Task<IReadOnlyDictionary<BsonValue, List<BsonDocument>>> OfAsync(IReadOnlyList<BsonValue> keys, CancellationToken cancellationToken);
}

/// <summary>
/// Reads children: all at once into memory where they are few (<see cref="CopyOptions.LargestChildren"/>), else those of each batch of parents, by an index of theirs.
/// Both need memory that does not grow with the collection.
/// </summary>
internal sealed class ChildReader(MongoCollection collection, DocumentTransforms transforms, EmbedKey key, CopyOptions options)
{
    /// <exception cref="EclusierException">There is no such collection; or it is too large for memory, and has no index to fetch children by.</exception>
    public async Task<IChildren> OpenAsync(CancellationToken cancellationToken)
    {
        if (await CollectionLayout.FindAsync(collection, options, cancellationToken) is not { } layout)
            throw FieldPaths.Invalid(collection.Namespace.Collection, new Text("there is no such collection", "cette collection n'existe pas"));
        if (layout.Type == "view")
            return await ChildrenInMemory.ReadAsync(AllAsync(layout, cancellationToken), key);
        var stats = await TransientRetry.RunAsync(() => collection.StatsAsync(cancellationToken), options, cancellationToken);
        if (stats["size"].ToInt64() <= options.LargestChildren)
            return await ChildrenInMemory.ReadAsync(AllAsync(layout, cancellationToken), key);
        var indexes = await TransientRetry.RunAsync(() => collection.ListIndexesAsync(cancellationToken), options, cancellationToken);
        return indexes.Any(index => index["key"].AsDocument.First().Name == key.FirstOfChild && index.Get("partialFilterExpression").IsMissing)
            ? new FetchedChildren(this, layout)
            : throw NoIndex(stats["size"].ToInt64());
    }

    public async IAsyncEnumerable<IReadOnlyList<BsonDocument>> AllAsync(CollectionLayout layout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in new RangeReader(collection, layout, layout.Ranges[0], options).ReadAsync(transforms.Filter, cancellationToken))
            yield return (await transforms.ApplyAsync(batch, cancellationToken)).Documents;
    }

    /// <summary>Those of some parents.</summary>
    public Task<IReadOnlyDictionary<BsonValue, List<BsonDocument>>> OfAsync(IReadOnlyList<BsonValue> keys, CancellationToken cancellationToken)
    {
        var among = BsonDocument.Of((key.FirstOfChild, BsonDocument.Of(("$in", BsonValue.Array(keys.Select(key.First).Distinct(BsonOrder.Instance))))));
        var filter = transforms.Filter.IsEmpty ? among : BsonDocument.Of(("$and", BsonValue.Array([among, transforms.Filter])));
        return TransientRetry.RunAsync(
            async () =>
            {
                var found = new Dictionary<BsonValue, List<BsonDocument>>(BsonOrder.Instance);
                await foreach (var batch in collection.FindAsync(filter, new FindOptions(), cancellationToken))
                    ChildrenInMemory.Add(found, (await transforms.ApplyAsync(batch, cancellationToken)).Documents, key);
                return (IReadOnlyDictionary<BsonValue, List<BsonDocument>>)found;
            },
            options,
            cancellationToken);
    }

    private EclusierException NoIndex(long bytes) => new RefusedException(
        new Text($"{collection.Namespace.Collection} has {bytes / 1024 / 1024} MB of documents, and no index that begins with {key.FirstOfChild} to fetch them by.",
            $"{collection.Namespace.Collection} contient {bytes / 1024 / 1024} Mo de documents, et n'a pas d'index commençant par {key.FirstOfChild} pour les retrouver."),
        collection.Namespace.ToString(),
        new Text($"Create an index on {key.FirstOfChild} in the source.", $"Créez un index sur {key.FirstOfChild} dans la source."));
}

/// <summary>More children than memory may hold.</summary>
internal sealed class FetchedChildren(ChildReader reader, CollectionLayout layout) : IChildren
{
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> AllAsync(CancellationToken cancellationToken) => reader.AllAsync(layout, cancellationToken);

    public Task<IReadOnlyDictionary<BsonValue, List<BsonDocument>>> OfAsync(IReadOnlyList<BsonValue> keys, CancellationToken cancellationToken) =>
        reader.OfAsync(keys, cancellationToken);
}

/// <summary>Few children.</summary>
internal sealed class ChildrenInMemory : IChildren
{
    private readonly Dictionary<BsonValue, List<BsonDocument>> _byKey = new(BsonOrder.Instance);
    private readonly List<IReadOnlyList<BsonDocument>> _all = [];

    public static async Task<ChildrenInMemory> ReadAsync(IAsyncEnumerable<IReadOnlyList<BsonDocument>> batches, EmbedKey key)
    {
        var children = new ChildrenInMemory();
        await foreach (var batch in batches)
        {
            children._all.Add(batch);
            Add(children._byKey, batch, key);
        }
        return children;
    }

    /// <summary>A child without a key is nobody's.</summary>
    public static void Add(Dictionary<BsonValue, List<BsonDocument>> byKey, IReadOnlyList<BsonDocument> children, EmbedKey key)
    {
        foreach (var child in children)
        {
            var own = key.OfChild(child);
            if (own.IsMissing)
                continue;
            if (!byKey.TryGetValue(own, out var siblings))
                byKey.Add(own, siblings = []);
            siblings.Add(child);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<BsonDocument>> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var batch in _all)
            yield return batch;
    }

    public Task<IReadOnlyDictionary<BsonValue, List<BsonDocument>>> OfAsync(IReadOnlyList<BsonValue> keys, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<BsonValue, List<BsonDocument>>>(_byKey);
}
