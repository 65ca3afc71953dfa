using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>A cursor's answer, <c>{ cursor: { firstBatch: [ … ], id, ns }, ok: 1 }</c>: up to 16 MB, written in one piece.</summary>
internal static class BatchReply
{
    public static BsonDocument Write(ReplyMemory memory, string name, string batchName, IReadOnlyList<BsonDocument> batch, long id)
    {
        var most = 128 + batchName.Length + Encoding.UTF8.GetByteCount(name) + batch.Sum(document => document.Size + BsonSpanWriter.LongestKey);
        var bytes = memory.Of(most);
        var writer = new BsonSpanWriter(bytes.Span);
        var outer = writer.Begin();
        writer.Name(BsonType.Document, "cursor");
        var cursor = writer.Begin();
        writer.Name(BsonType.Array, batchName);
        var array = writer.Begin();
        for (var index = 0; index < batch.Count; index++)
        {
            writer.Index(BsonType.Document, index);
            writer.Copy(batch[index].Bytes.Span);
        }
        writer.End(array);
        writer.Field("id", id);
        writer.Field("ns", name);
        writer.End(cursor);
        writer.Field("ok", 1.0);
        writer.End(outer);
        return new BsonDocument(bytes[..writer.Length]);
    }
}
