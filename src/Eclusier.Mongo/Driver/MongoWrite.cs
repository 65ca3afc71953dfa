using Eclusier.Mongo.Bson;
using Eclusier.Redaction;

namespace Eclusier.Mongo.Driver;

/// <summary>One of the writes that are sent together.</summary>
public abstract record MongoWrite
{
    /// <summary>What the server calls it: only one kind goes with one message.</summary>
    internal abstract string Command { get; }

    /// <summary>Bytes that it takes in a message, at most.</summary>
    internal abstract int Size { get; }
}

public sealed record InsertOne : MongoWrite
{
    /// <param name="document">Without <c>_id</c>, it gets one, in front.</param>
    public InsertOne(BsonDocument document) => Document = WithId(document);

    public BsonDocument Document { get; }

    internal override string Command => "insert";

    internal override int Size => Document.Size + BsonSpanWriter.LongestKey;

    /// <summary>Ours, not the server's: when the same document is sent again, it must be the same.</summary>
    private static BsonDocument WithId(BsonDocument document)
    {
        var reader = new BsonReader(document.Bytes);
        while (reader.Read())
        {
            if (reader.NameBytes.SequenceEqual("_id"u8))
                return document;
        }
        return new BsonWriter().Add("_id", ObjectId.New(TimeProvider.System)).AddAll(document).ToDocument();
    }
}

public sealed record ReplaceOne(BsonDocument Filter, BsonDocument Replacement, bool Upsert = false) : MongoWrite
{
    internal override string Command => "update";

    internal override int Size => Filter.Size + Replacement.Size + BulkCommand.LargestFrame;
}

/// <param name="Update">Operators such as <c>$set</c>, or a pipeline (<see cref="BsonDocument.ArrayOf"/>).</param>
public sealed record UpdateOne(BsonDocument Filter, BsonDocument Update, bool Upsert = false) : MongoWrite
{
    internal override string Command => "update";

    internal override int Size => Filter.Size + Update.Size + BulkCommand.LargestFrame;
}

/// <inheritdoc cref="UpdateOne"/>
public sealed record UpdateMany(BsonDocument Filter, BsonDocument Update, bool Upsert = false) : MongoWrite
{
    internal override string Command => "update";

    internal override int Size => Filter.Size + Update.Size + BulkCommand.LargestFrame;
}

public sealed record DeleteOne(BsonDocument Filter) : MongoWrite
{
    internal override string Command => "delete";

    internal override int Size => Filter.Size + BulkCommand.LargestFrame;
}

public sealed record DeleteMany(BsonDocument Filter) : MongoWrite
{
    internal override string Command => "delete";

    internal override int Size => Filter.Size + BulkCommand.LargestFrame;
}

/// <param name="Ordered">Stops at the first write that is refused; else all are tried.</param>
/// <param name="BypassValidation">Takes documents that the collection's validator would refuse; the user needs the right to (action <c>bypassDocumentValidation</c>).</param>
public sealed record WriteOptions(bool Ordered = true, bool BypassValidation = false)
{
    /// <summary>Writes that a server takes in one message (<c>maxWriteBatchSize</c>).</summary>
    public const int LargestCount = 100_000;

    /// <summary>Bytes that a server takes in one command, as in every document; 16 KB more hold what is around the writes.</summary>
    public const int LargestBytes = BsonDocument.LargestSize;

    /// <summary>Writes that are sent together; cancellation is looked at in between.</summary>
    public int BatchCount { get; init; } = LargestCount;

    /// <summary>Bytes that are sent together, <see cref="LargestBytes"/> at most; a larger document goes alone.</summary>
    public int BatchBytes { get; init; } = LargestBytes;
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

    /// <summary>Reads a server's reply.</summary>
    /// <param name="command">What it replies to: <c>insert</c>, <c>update</c> or <c>delete</c>.</param>
    /// <param name="first">The place of its first write among all.</param>
    internal static WriteResult Of(BsonDocument reply, string command, int first)
    {
        var (count, upserted) = (Number(reply, "n"), Documents(reply, "upserted").Count());
        return new WriteResult(
            command == "insert" ? count : 0,
            command == "update" ? count - upserted : 0,
            Number(reply, "nModified"),
            command == "delete" ? count : 0,
            upserted,
            [.. Documents(reply, "writeErrors").Select(error => ErrorOf(error, first))],
            reply.Get("writeConcernError") is { Type: BsonType.Document } concern ? [concern.AsDocument] : []);
    }

    internal WriteResult Plus(WriteResult other) => new(
        Inserted + other.Inserted,
        Matched + other.Matched,
        Modified + other.Modified,
        Deleted + other.Deleted,
        Upserted + other.Upserted,
        [.. Errors, .. other.Errors],
        [.. Concerns, .. other.Concerns]);

    /// <summary>Whether the server refused single writes, and did or tried the others.</summary>
    internal static bool HasErrors(BsonDocument reply) => Documents(reply, "writeErrors").Any();

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
