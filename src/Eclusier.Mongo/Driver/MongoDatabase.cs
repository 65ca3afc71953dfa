using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver;

/// <summary>One database. Thread-safe; holds nothing itself.</summary>
public sealed class MongoDatabase
{
    private readonly MongoClient _client;

    internal MongoDatabase(MongoClient client, string name) => (_client, Name) = (client, name);

    public string Name { get; }

    public MongoCollection Collection(string name) => new(_client, new MongoNamespace(Name, name));

    /// <inheritdoc cref="MongoClient.RunCommandAsync"/>
    public Task<BsonDocument> RunCommandAsync(BsonDocument command, CancellationToken cancellationToken) =>
        _client.RunCommandAsync(Name, command, cancellationToken);

    /// <summary>What <c>listCollections</c> says of each collection and view: name, type, options, info.</summary>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public Task<IReadOnlyList<BsonDocument>> ListCollectionsAsync(CancellationToken cancellationToken) =>
        _client.ListAsync(Name, BsonDocument.Of(("listCollections", 1), ("cursor", MongoClient.WholeList)), cancellationToken);

    /// <summary>Creates a collection.</summary>
    /// <param name="options">Such as <c>validator</c>, <c>capped</c>, <c>collation</c>: what <c>listCollections</c> calls options.</param>
    /// <exception cref="MongoException">48: it exists already, with other options.</exception>
    public Task CreateCollectionAsync(string name, BsonDocument options, CancellationToken cancellationToken) =>
        _client.RunWriteCommandAsync(Name, new BsonWriter().Add("create", name).AddAll(options).ToDocument(), cancellationToken);

    /// <summary>What <c>dbStats</c> says.</summary>
    public Task<BsonDocument> StatsAsync(CancellationToken cancellationToken) =>
        _client.RunReadCommandAsync(Name, BsonDocument.Of(("dbStats", 1)), cancellationToken);

    /// <summary>Drops the database and all that is in it.</summary>
    public Task DropAsync(CancellationToken cancellationToken) =>
        _client.RunWriteCommandAsync(Name, BsonDocument.Of(("dropDatabase", 1)), cancellationToken);
}
