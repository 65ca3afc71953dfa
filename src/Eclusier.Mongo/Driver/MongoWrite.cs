using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver;

/// <summary>One of the writes that are sent together.</summary>
public abstract record MongoWrite
{
    /// <summary>Bytes that it takes in a message, about.</summary>
    internal abstract int Size { get; }
}

/// <summary>A document without <c>_id</c> gets one, in front.</summary>
public sealed record InsertOne(BsonDocument Document) : MongoWrite
{
    internal override int Size => Document.Size;
}

public sealed record ReplaceOne(BsonDocument Filter, BsonDocument Replacement, bool Upsert = false) : MongoWrite
{
    internal override int Size => Filter.Size + Replacement.Size;
}

/// <param name="Update">Operators such as <c>$set</c>, or a pipeline (<see cref="BsonDocument.ArrayOf"/>).</param>
public sealed record UpdateOne(BsonDocument Filter, BsonDocument Update, bool Upsert = false) : MongoWrite
{
    internal override int Size => Filter.Size + Update.Size;
}

/// <inheritdoc cref="UpdateOne"/>
public sealed record UpdateMany(BsonDocument Filter, BsonDocument Update, bool Upsert = false) : MongoWrite
{
    internal override int Size => Filter.Size + Update.Size;
}

public sealed record DeleteOne(BsonDocument Filter) : MongoWrite
{
    internal override int Size => Filter.Size;
}

public sealed record DeleteMany(BsonDocument Filter) : MongoWrite
{
    internal override int Size => Filter.Size;
}

/// <param name="Ordered">Stops at the first write that is refused; else all are tried.</param>
/// <param name="BypassValidation">Takes documents that the collection's validator would refuse; the user needs the right to (action <c>bypassDocumentValidation</c>).</param>
public sealed record WriteOptions(bool Ordered = true, bool BypassValidation = false)
{
    /// <summary>Writes that a server takes in one message (<c>maxWriteBatchSize</c>).</summary>
    public const int LargestCount = 100_000;

    /// <summary>Bytes that a server takes in one message (<c>maxMessageSizeBytes</c>).</summary>
    public const int LargestBytes = 48_000_000;

    /// <summary>Writes that are sent together; cancellation is looked at in between.</summary>
    public int BatchCount { get; init; } = LargestCount;

    /// <summary>Bytes that are sent together; a larger document goes alone.</summary>
    public int BatchBytes { get; init; } = LargestBytes / 3;
}

/// <summary>A write that the server refused.</summary>
/// <param name="Index">Its place among the writes given.</param>
/// <param name="Code">The server's; 11000: the key exists already.</param>
/// <param name="Document">All that the server said, <c>keyPattern</c> and <c>keyValue</c> among it.</param>
public sealed record WriteError(int Index, int Code, string Message, BsonDocument Document);

/// <summary>What became of writes. Other errors than refusals are thrown.</summary>
/// <param name="Concerns">Written, but not to as many servers as asked for, and others refused; without refusals this is thrown.</param>
public sealed record WriteResult(
    long Inserted, long Matched, long Modified, long Deleted, long Upserted, IReadOnlyList<WriteError> Errors, IReadOnlyList<BsonDocument> Concerns)
{
    public static WriteResult None { get; } = new(0, 0, 0, 0, 0, [], []);

    /// <summary>Reads libmongoc's reply.</summary>
    /// <param name="first">The place of its first write among all.</param>
    internal static WriteResult Of(BsonDocument reply, int first) => new(
        Number(reply, "nInserted"),
        Number(reply, "nMatched"),
        Number(reply, "nModified"),
        Number(reply, "nRemoved"),
        Number(reply, "nUpserted"),
        [.. Documents(reply, "writeErrors").Select(error => ErrorOf(error, first))],
        [.. Documents(reply, "writeConcernErrors")]);

    internal WriteResult Plus(WriteResult other) => new(
        Inserted + other.Inserted,
        Matched + other.Matched,
        Modified + other.Modified,
        Deleted + other.Deleted,
        Upserted + other.Upserted,
        [.. Errors, .. other.Errors],
        [.. Concerns, .. other.Concerns]);

    private static WriteError ErrorOf(BsonDocument error, int first) => new(
        (int)Number(error, "index") + first,
        (int)Number(error, "code"),
        error.Get("errmsg") is { Type: BsonType.String } message ? Secrets.Redact(message.AsString) : "",
        error);

    private static IEnumerable<BsonDocument> Documents(BsonDocument reply, string name) =>
        reply.Get(name) is { Type: BsonType.Array } array
            ? array.AsDocument.Values().Where(value => value.Type == BsonType.Document).Select(value => value.AsDocument)
            : [];

    private static long Number(BsonDocument reply, string name) => reply.Get(name) is { IsNumber: true } value ? value.ToInt64() : 0;
}
