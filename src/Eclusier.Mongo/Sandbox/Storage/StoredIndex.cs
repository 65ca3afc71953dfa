using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Storage;

/// <summary>An index: its specification as it is listed, and, when it is unique, the keys that are taken. Queries do without.</summary>
internal sealed class StoredIndex
{
    public const string IdName = "_id_";

    private readonly List<FieldPath> _paths;
    private readonly Matches? _partial;
    private readonly bool _sparse;
    private readonly Dictionary<BsonValue, StoredCollection.Record>? _taken;

    /// <summary>Which keys a record has taken, so that it can give them back.</summary>
    private readonly Dictionary<StoredCollection.Record, List<BsonValue>> _entries = [];

    public StoredIndex(BsonDocument specification)
    {
        Specification = specification;
        Name = specification["name"].AsString;
        Keys = specification["key"].AsDocument;
        _paths = [.. Keys.Select(key => new FieldPath(key.Name))];
        _partial = specification.Get("partialFilterExpression") is { Type: BsonType.Document } filter ? Filter.Parse(filter.AsDocument) : null;
        _sparse = Expressions.IsTrue(specification.Get("sparse"));
        _taken = Expressions.IsTrue(specification.Get("unique")) ? new Dictionary<BsonValue, StoredCollection.Record>(BsonOrder.Instance) : null;
    }

    public static BsonDocument OfId { get; } = BsonDocument.Of(("v", 2), ("key", BsonDocument.Of(("_id", 1))), ("name", IdName));

    public BsonDocument Specification { get; }

    public string Name { get; }

    public BsonDocument Keys { get; }

    /// <summary>Whether MongoDB takes both for the same index, whatever their names and other options.</summary>
    public bool IsLike(StoredIndex other) => BsonOrder.Instance.Equals(Signature, other.Signature);

    /// <exception cref="CommandError">Another document has the key.</exception>
    public void Enter(StoredCollection.Record record, BsonDocument document, MongoNamespace collection)
    {
        if (_taken is null || !Covers(document))
            return;
        // An array may hold the same value twice; only other documents are in the way.
        var keys = KeysOf(document).Distinct(BsonOrder.Instance).ToList();
        foreach (var key in keys)
        {
            if (_taken.TryGetValue(key, out var other) && other != record)
                throw CommandError.DuplicateKey(collection.ToString(), Name, Keys, Named(key.AsDocument));
        }
        foreach (var key in keys)
            _taken[key] = record;
        _entries[record] = keys;
    }

    public void Leave(StoredCollection.Record record)
    {
        if (!_entries.Remove(record, out var keys))
            return;
        foreach (var key in keys)
            _taken!.Remove(key);
    }

    private BsonValue Signature => BsonDocument.Of(
        ("key", Keys),
        ("collation", Specification.Get("collation")),
        ("partial", Specification.Get("partialFilterExpression")),
        ("unique", _taken is not null),
        ("sparse", _sparse));

    private bool Covers(BsonDocument document) =>
        (_partial is null || _partial(document))
        && (!_sparse || _paths.Exists(path => path.Values(document).Exists(value => !value.IsMissing)));

    /// <summary>Each combination of the fields' values; a missing one is null.</summary>
    private IEnumerable<BsonValue> KeysOf(BsonDocument document)
    {
        IEnumerable<IEnumerable<BsonValue>> combinations = [[]];
        foreach (var path in _paths)
        {
            var values = path.Keys(document).Select(value => value.IsMissing ? BsonValue.Null : value).DefaultIfEmpty(BsonValue.Null).ToList();
            combinations = combinations.SelectMany(_ => values, (before, value) => before.Append(value));
        }
        return combinations.Select(combination => (BsonValue)BsonDocument.ArrayOf(combination));
    }

    private BsonDocument Named(BsonDocument key)
    {
        var writer = new BsonWriter();
        foreach (var (field, value) in Keys.Zip(key.Values()))
            writer.Add(field.Name, value);
        return writer.ToDocument();
    }
}
