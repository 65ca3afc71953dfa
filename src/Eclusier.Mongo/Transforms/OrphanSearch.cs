using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Transforms;

/// <summary>Finds children whose parent is not there, batch by batch: before anything is copied, so that a copy which is resumed knows them, too.</summary>
internal sealed class OrphanSearch(MongoCollection parents, EmbedKey key, CopyOptions options)
{
    public async Task<DocumentList> FindAsync(IAsyncEnumerable<IReadOnlyList<BsonDocument>> children, CancellationToken cancellationToken)
    {
        var orphans = DocumentList.None;
        await foreach (var batch in children.WithCancellation(cancellationToken))
        {
            var known = await ParentsAsync([.. batch.Select(key.OfChild).Where(one => !one.IsMissing).Select(key.First).Distinct(BsonOrder.Instance)], cancellationToken);
            var alone = batch.Where(child => key.OfChild(child) is var own && (own.IsMissing || !known.Contains(own))).ToList();
            orphans = orphans.Plus(new DocumentList(alone.Count, [.. alone.Take(options.LargestList).Select(child => child["_id"].Copy())]), options.LargestList);
        }
        return orphans;
    }

    private Task<HashSet<BsonValue>> ParentsAsync(IReadOnlyList<BsonValue> keys, CancellationToken cancellationToken) => TransientRetry.RunAsync(
        async () =>
        {
            var filter = BsonDocument.Of((key.FirstOfParent, BsonDocument.Of(("$in", BsonValue.Array(keys)))));
            var found = new HashSet<BsonValue>(BsonOrder.Instance);
            await foreach (var batch in parents.FindAsync(filter, new FindOptions { Projection = key.ParentProjection }, cancellationToken))
                found.UnionWith(batch.Select(key.OfParent));
            return found;
        },
        options,
        cancellationToken);
}
