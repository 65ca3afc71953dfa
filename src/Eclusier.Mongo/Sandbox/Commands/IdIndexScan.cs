using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Commands;

/// <summary>Reads a collection by its index on <c>_id</c>: in order, from <c>min</c> up to <c>max</c> (manual: cursor.min(), cursor.max()).</summary>
internal static class IdIndexScan
{
    /// <returns>Null: the request asks for nothing that this index serves better than a look at all documents.</returns>
    /// <exception cref="CommandError"><c>min</c> or <c>max</c> without the hint that they need, or of another index.</exception>
    public static IEnumerable<BsonDocument>? Of(CommandContext context, BsonDocument? sort)
    {
        var (min, max) = (Bound(context, "min"), Bound(context, "max"));
        var sorted = sort is { Count: 1 } && sort.First() is { Name: "_id", Value.IsNumber: true };
        if (!sorted && min.IsMissing && max.IsMissing)
            return null;
        if (sort is not null && !sorted)
            return min.IsMissing && max.IsMissing ? null : throw CommandError.NotImplemented("min and max with a sort by other fields than _id");
        if (context.Databases.Get(context.Target) is not { IsView: false } collection)
            return sort is null ? [] : null;
        var documents = collection.SnapshotById();
        var (from, to) = (min.IsMissing ? 0 : Find(documents, min), max.IsMissing ? documents.Count : Find(documents, max));
        return Slice(documents, from, to, descending: sorted && sort!.First().Value.ToInt64() < 0);
    }

    private static BsonValue Bound(CommandContext context, string name)
    {
        if (context.Document(name) is not { IsEmpty: false } bound)
            return default;
        if (context.Document("hint") is not { } hint)
            throw new CommandError(51173, "Location51173", "When using min()/max() a hint of which index to use must be provided");
        return hint.Count == 1 && !hint.Get("_id").IsMissing && bound.Count == 1 ? bound["_id"] : throw CommandError.NotImplemented($"{name} of another index than that on _id");
    }

    /// <summary>The first document that is not before a key.</summary>
    private static int Find(IReadOnlyList<BsonDocument> documents, BsonValue key)
    {
        var (low, high) = (0, documents.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (BsonOrder.Instance.Compare(documents[middle]["_id"], key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static IEnumerable<BsonDocument> Slice(IReadOnlyList<BsonDocument> documents, int from, int to, bool descending)
    {
        for (var next = from; next < to; next++)
            yield return documents[descending ? to - 1 - (next - from) : next];
    }
}
