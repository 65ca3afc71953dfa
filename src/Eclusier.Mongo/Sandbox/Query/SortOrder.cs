using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Orders documents as a sort specification says.</summary>
internal sealed class SortOrder : IComparer<BsonDocument>
{
    private readonly List<(FieldPath Path, bool Descending)> _keys;

    /// <exception cref="CommandError">A direction is neither 1 nor -1.</exception>
    public SortOrder(BsonDocument specification) => _keys = [.. specification.Select(ParseKey)];

    /// <summary>Documents that are equal to the order stay as they come.</summary>
    public IEnumerable<BsonDocument> Sort(IEnumerable<BsonDocument> documents) => documents.Order(this);

    public int Compare(BsonDocument? x, BsonDocument? y)
    {
        foreach (var (path, descending) in _keys)
        {
            var order = BsonOrder.Instance.Compare(Key(path, x!, descending), Key(path, y!, descending));
            if (order != 0)
                return descending ? -order : order;
        }
        return 0;
    }

    private static (FieldPath, bool) ParseKey(BsonElement element)
    {
        if (element.Value.Type == BsonType.Document)
            throw CommandError.NotImplemented("sorting by metadata");
        if (!element.Value.IsNumber || Math.Abs(element.Value.ToInt64()) != 1)
            throw new CommandError(15975, "Location15975", "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
        return (new FieldPath(element.Name), element.Value.ToInt64() < 0);
    }

    /// <summary>Of an array the least element counts, or the greatest when descending; a missing field counts as null.</summary>
    private static BsonValue Key(FieldPath path, BsonDocument document, bool descending)
    {
        var keys = path.Keys(document).Select(key => key.IsMissing ? BsonValue.Null : key).DefaultIfEmpty(BsonValue.Null);
        return descending ? keys.Max(BsonOrder.Instance) : keys.Min(BsonOrder.Instance);
    }
}
