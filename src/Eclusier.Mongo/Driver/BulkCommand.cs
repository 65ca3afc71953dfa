using System.Buffers;
using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Driver;

/// <summary>
/// <c>insert</c>, <c>update</c> or <c>delete</c> of many documents, written in one piece. The documents are copied as they are: what a server holds, it can hold
/// again, dots and dollars included. The answer is the server's own, where the driver's own writes would leave out which key was there already.
/// </summary>
internal sealed class BulkCommand : IDisposable
{
    /// <summary>Around one write beside its documents, at most.</summary>
    public const int LargestFrame = 64;

    /// <summary>Around all of them; the collection's name and the write concern come on top.</summary>
    private const int LargestHead = 256;

    private readonly IReadOnlyList<MongoWrite> _writes;
    private byte[] _bytes = [];

    /// <param name="writes">All of one <see cref="MongoWrite.Command"/>.</param>
    public BulkCommand(IReadOnlyList<MongoWrite> writes) => _writes = writes;

    /// <summary>Whether none of them can meet several documents: those cannot be repeated.</summary>
    public bool CanBeRepeated => _writes.All(write => write is not (UpdateMany or DeleteMany));

    /// <summary>The command; it holds until this object is disposed.</summary>
    public BsonDocument Compose(string collection, WriteOptions options, long? number, BsonDocument? concern)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(_writes.Sum(write => write.Size) + LargestHead + Encoding.UTF8.GetByteCount(collection) + (concern?.Size ?? 0));
        var writer = new BsonSpanWriter(_bytes);
        var outer = writer.Begin();
        writer.Field(_writes[0].Command, collection);
        writer.Field("ordered", options.Ordered);
        if (options.BypassValidation && _writes[0].Command != "delete")
            writer.Field("bypassDocumentValidation", true);
        if (concern is not null)
            writer.Field("writeConcern", concern);
        if (number is { } own)
            writer.Field("txnNumber", own);
        writer.Name(BsonType.Array, _writes[0] switch { InsertOne => "documents", DeleteOne or DeleteMany => "deletes", _ => "updates" });
        var array = writer.Begin();
        for (var index = 0; index < _writes.Count; index++)
        {
            writer.Index(BsonType.Document, index);
            Write(ref writer, _writes[index]);
        }
        writer.End(array);
        writer.End(outer);
        return new BsonDocument(_bytes.AsMemory(0, writer.Length));
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private static void Write(ref BsonSpanWriter writer, MongoWrite write)
    {
        switch (write)
        {
            case InsertOne insert:
                writer.Copy(insert.Document.Bytes.Span);
                break;
            case ReplaceOne replace:
                Update(ref writer, replace.Filter, replace.Replacement, replace.Upsert, isMany: false);
                break;
            case UpdateOne update:
                Update(ref writer, update.Filter, Value(update.Update), update.Upsert, isMany: false);
                break;
            case UpdateMany update:
                Update(ref writer, update.Filter, Value(update.Update), update.Upsert, isMany: true);
                break;
            case DeleteOne delete:
                Delete(ref writer, delete.Filter, limit: 1);
                break;
            case DeleteMany delete:
                Delete(ref writer, delete.Filter, limit: 0);
                break;
        }
    }

    private static void Update(ref BsonSpanWriter writer, BsonDocument filter, BsonValue update, bool upsert, bool isMany)
    {
        var statement = writer.Begin();
        writer.Field("q", filter);
        writer.Field("u", update);
        if (isMany)
            writer.Field("multi", true);
        if (upsert)
            writer.Field("upsert", true);
        writer.End(statement);
    }

    private static void Delete(ref BsonSpanWriter writer, BsonDocument filter, int limit)
    {
        var statement = writer.Begin();
        writer.Field("q", filter);
        writer.Field("limit", limit);
        writer.End(statement);
    }

    /// <summary>A pipeline is an array; anything but operators would replace the whole document (the server takes it for that).</summary>
    /// <exception cref="MongoException">These are no operators.</exception>
    private static BsonValue Value(BsonDocument update)
    {
        var reader = new BsonReader(update.Bytes);
        var isPipeline = false;
        for (var index = 0; reader.Read(); index++)
        {
            if (index == 0)
                isPipeline = reader.Name == "0";
            if (isPipeline ? reader.Name != $"{index}" || reader.Type != BsonType.Document : !reader.NameBytes.StartsWith("$"u8))
                throw NoOperator(reader.Name);
        }
        return isPipeline ? BsonValue.Array(update) : update;
    }

    private static MongoException NoOperator(string field) => new(
        MongoErrorDomain.Client, $"An update has the field {field}: only operators such as $set, and pipelines, change a part of a document.");
}
