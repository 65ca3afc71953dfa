using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Query;

namespace Eclusier.Mongo.Sandbox.Storage;

/// <summary>Documents in the order they were inserted, and their indexes. Not thread-safe: the server runs one command at a time.</summary>
internal sealed class StoredCollection
{
    private readonly Dictionary<BsonValue, Record> _byId = new(BsonOrder.Instance);
    private readonly List<StoredIndex> _indexes = [];
    private List<Record> _records = [];
    private BsonDocument[]? _snapshot;
    private BsonDocument[]? _byIdOrder;

    public StoredCollection(MongoNamespace name, BsonDocument options)
    {
        Name = name;
        Options = options;
        _indexes.Add(new StoredIndex(StoredIndex.OfId));
    }

    /// <summary>Changes when the collection is renamed.</summary>
    public MongoNamespace Name { get; set; }

    /// <summary>What <c>listCollections</c> calls options.</summary>
    public BsonDocument Options { get; set; }

    public Guid Uuid { get; } = Guid.NewGuid();

    public IReadOnlyList<StoredIndex> Indexes => _indexes;

    public int Count => _byId.Count;

    /// <summary>Bytes of all documents.</summary>
    public long Size { get; private set; }

    public bool IsView => !Options.Get("viewOn").IsMissing;

    /// <summary>The documents as they are now; later changes are not seen in it.</summary>
    public IReadOnlyList<BsonDocument> Snapshot() => _snapshot ??= [.. _records.Where(record => record.Document is not null).Select(record => record.Document!)];

    /// <summary>Like <see cref="Snapshot"/>, in the order of <c>_id</c>.</summary>
    public IReadOnlyList<BsonDocument> SnapshotById() => _byIdOrder ??= IdOrder.Sort(Snapshot());

    /// <summary>The documents that a query means; one by its <c>_id</c> is found without looking at the others.</summary>
    public IEnumerable<BsonDocument> Find(BsonDocument query)
    {
        var matches = Filter.Parse(query);
        if (IdsOf(query) is { } ids)
            return ids.Distinct(BsonOrder.Instance).Select(one => ById(one)).OfType<BsonDocument>().Where(document => matches(document));
        if (query.Get("_id") is not { IsMissing: false, Type: not (BsonType.Document or BsonType.Regex or BsonType.Array or BsonType.Null) } id)
            return query.IsEmpty ? Snapshot() : Snapshot().Where(document => matches(document));
        return ById(id) is { } document && matches(document) ? [document] : [];
    }

    /// <summary>The values of <c>{ _id: { $in: [ … ] } }</c>; null when this is not what is asked.</summary>
    private static List<BsonValue>? IdsOf(BsonDocument query)
    {
        if (query.Get("_id") is not { Type: BsonType.Document } id || id.AsDocument.Count != 1 || id.AsDocument.Get("$in") is not { Type: BsonType.Array } values)
            return null;
        var ids = values.AsDocument.Values().ToList();
        return ids.Exists(one => one.Type is BsonType.Regex or BsonType.Array or BsonType.Null) ? null : ids;
    }

    public BsonDocument? ById(BsonValue id) => _byId.GetValueOrDefault(id)?.Document;

    /// <param name="document">Kept: with <c>_id</c> as its first field, in memory of its own.</param>
    /// <exception cref="CommandError">A unique index has the key already.</exception>
    public void Insert(BsonDocument document)
    {
        var record = new Record { Document = document };
        EnterAll(record, document);
        _byId.Add(document["_id"], record);
        _records.Add(record);
        Size += document.Size;
        Forget();
    }

    /// <param name="old">As it was read; its <c>_id</c> stays.</param>
    /// <exception cref="CommandError">A unique index has the new key already; nothing has changed.</exception>
    public void Replace(BsonDocument old, BsonDocument document)
    {
        var record = _byId[old["_id"]];
        LeaveAll(record);
        try
        {
            EnterAll(record, document);
        }
        catch (CommandError)
        {
            EnterAll(record, old);
            throw;
        }
        // The key must not keep the old document's memory, nor look into it.
        _byId.Remove(old["_id"]);
        _byId.Add(document["_id"], record);
        record.Document = document;
        Size += document.Size - old.Size;
        Forget();
    }

    public void Delete(BsonDocument document)
    {
        _byId.Remove(document["_id"], out var record);
        LeaveAll(record!);
        record!.Document = null;
        Size -= document.Size;
        Forget();
        const int few = 64;
        if (_records.Count > few && _records.Count > _byId.Count * 2)
            _records = [.. _records.Where(kept => kept.Document is not null)];
    }

    /// <exception cref="CommandError">Documents that are there have the same key in a unique index; it is not added.</exception>
    public void AddIndex(StoredIndex index)
    {
        foreach (var record in _records)
        {
            if (record.Document is { } document)
                index.Enter(record, document, Name);
        }
        _indexes.Add(index);
    }

    public void DropIndex(StoredIndex index) => _indexes.Remove(index);

    private void Forget() => _snapshot = _byIdOrder = null;

    private void EnterAll(Record record, BsonDocument document)
    {
        var entered = 0;
        try
        {
            for (; entered < _indexes.Count; entered++)
                EnterIndex(_indexes[entered], record, document);
        }
        catch (CommandError)
        {
            for (var index = 0; index < entered; index++)
                _indexes[index].Leave(record);
            throw;
        }
    }

    private void EnterIndex(StoredIndex index, Record record, BsonDocument document)
    {
        if (index.Name != StoredIndex.IdName)
            index.Enter(record, document, Name);
        else if (_byId.TryGetValue(document["_id"], out var other) && other != record)
            throw CommandError.DuplicateKey(Name.ToString(), index.Name, index.Keys, BsonDocument.Of(("_id", document["_id"])));
    }

    private void LeaveAll(Record record)
    {
        foreach (var index in _indexes)
            index.Leave(record);
    }

    /// <summary>A document's place in the order.</summary>
    internal sealed class Record
    {
        /// <summary>Null once deleted.</summary>
        public BsonDocument? Document { get; set; }
    }
}
