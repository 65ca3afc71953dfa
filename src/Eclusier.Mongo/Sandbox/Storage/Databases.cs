using System.Diagnostics.CodeAnalysis;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Sandbox.Storage;

/// <summary>All collections of the server. A database is there as long as it has one.</summary>
internal sealed class Databases
{
    private readonly Dictionary<MongoNamespace, StoredCollection> _collections = [];

    public IEnumerable<string> Names => _collections.Keys.Select(name => name.Database).Distinct().Order(StringComparer.Ordinal);

    public IEnumerable<StoredCollection> In(string database) =>
        _collections.Values.Where(collection => collection.Name.Database == database).OrderBy(collection => collection.Name.Collection, StringComparer.Ordinal);

    public StoredCollection? Get(MongoNamespace name) => _collections.GetValueOrDefault(name);

    public bool TryGet(MongoNamespace name, [NotNullWhen(true)] out StoredCollection? collection) => _collections.TryGetValue(name, out collection);

    /// <summary>The collection, made when it is not there.</summary>
    /// <exception cref="CommandError">It is a view, or cannot have this name.</exception>
    public StoredCollection ForWriting(MongoNamespace name)
    {
        if (!TryGet(name, out var collection))
            return Create(name, BsonDocument.Empty);
        return collection.IsView ? throw new CommandError(166, "CommandNotSupportedOnView", $"Namespace {name} is a view, not a collection") : collection;
    }

    /// <exception cref="CommandError">There is one already, or it cannot have this name.</exception>
    public StoredCollection Create(MongoNamespace name, BsonDocument options)
    {
        Check(name);
        if (_collections.ContainsKey(name))
            throw CommandError.NamespaceExists($"Collection {name} already exists.");
        return _collections[name] = new StoredCollection(name, options);
    }

    public bool Drop(MongoNamespace name) => _collections.Remove(name);

    /// <summary>Gives a collection a new name, in place of one that has it.</summary>
    public void Rename(StoredCollection collection, MongoNamespace to)
    {
        Check(to);
        _collections.Remove(collection.Name);
        collection.Name = to;
        _collections[to] = collection;
    }

    private static void Check(MongoNamespace name)
    {
        if (name.Database.AsSpan().ContainsAny("/\\. \"$") || name.Database.Length > 63)
            throw new CommandError(73, "InvalidNamespace", $"Invalid database name: '{name.Database}'");
        if (name.Collection.StartsWith('.') || name.Collection.EndsWith('.') || name.Collection.Contains('$') || name.ToString().Length > 255)
            throw new CommandError(73, "InvalidNamespace", $"Invalid collection name: {name.Collection}");
    }
}
