using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Storage;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox;

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(Request Request, Databases Databases, Cursors Cursors, TimeProvider Time)
{
    public BsonDocument Body => Request.Body;

    /// <summary>The collection that the command's first field names.</summary>
    /// <exception cref="CommandError">It names none.</exception>
    public MongoNamespace Target => Named(Body.First().Value);

    public MongoNamespace Named(BsonValue collection) => collection is { Type: BsonType.String } && collection.AsString.Length > 0
        ? new MongoNamespace(Request.Database, collection.AsString)
        : throw new CommandError(73, "InvalidNamespace", $"collection name has invalid type {collection.Type}");

    /// <summary>Documents sent beside the command, or in an array inside.</summary>
    public IReadOnlyList<BsonDocument> Documents(string name)
    {
        if (Request.Sequences.TryGetValue(name, out var sequence))
            return sequence;
        if (Body.Get(name) is not { Type: BsonType.Array } array)
            throw new CommandError(40414, "Location40414", $"BSON field '{Request.Name}.{name}' is missing but a required field");
        return [.. array.AsDocument.Values().Select(value => value.Type == BsonType.Document
            ? value.AsDocument
            : throw CommandError.TypeMismatch($"BSON field '{Request.Name}.{name}' holds something that is no object"))];
    }

    /// <summary>A document; null when it is not there.</summary>
    public BsonDocument? Document(string name) => Body.Get(name) switch
    {
        { Type: BsonType.Document } value => value.AsDocument,
        { IsNullish: true } => null,
        _ => throw CommandError.TypeMismatch($"BSON field '{Request.Name}.{name}' is the wrong type, expected type 'object'"),
    };

    /// <summary>A whole number; null when it is not there.</summary>
    public long? Number(string name) => Body.Get(name) switch
    {
        { IsNumber: true } value => value.ToInt64(),
        { IsNullish: true } => null,
        _ => throw CommandError.TypeMismatch($"BSON field '{Request.Name}.{name}' is the wrong type, expected a number"),
    };

    public bool Flag(string name) => Query.Expressions.IsTrue(Body.Get(name));

    /// <summary>A cursor's <c>batchSize</c>, as commands other than find write it.</summary>
    public long? CursorBatchSize => Document("cursor")?.Get("batchSize") is { IsNumber: true } size ? size.ToInt64() : null;
}
