using System.Buffers.Binary;
using System.Text;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>A cursor's answer, <c>{ cursor: { firstBatch: [ … ], id, ns }, ok: 1 }</c>: up to 16 MB, written in one piece.</summary>
internal ref struct BatchReply
{
    private readonly Span<byte> _bytes;
    private int _at;

    private BatchReply(Span<byte> bytes) => _bytes = bytes;

    public static BsonDocument Write(ReplyMemory memory, string name, string batchName, IReadOnlyList<BsonDocument> batch, long id)
    {
        const int longestKey = 12;
        var most = 128 + batchName.Length + Encoding.UTF8.GetByteCount(name) + batch.Sum(document => document.Size + longestKey);
        var bytes = memory.Of(most);
        var reply = new BatchReply(bytes.Span);
        reply.Write(batch, batchName, id, name);
        return new BsonDocument(bytes[..reply._at]);
    }

    private void Write(IReadOnlyList<BsonDocument> batch, string batchName, long id, string name)
    {
        var outer = Begin();
        Name(BsonType.Document, "cursor");
        var cursor = Begin();
        Name(BsonType.Array, batchName);
        Array(batch);
        Name(BsonType.Int64, "id");
        BinaryPrimitives.WriteInt64LittleEndian(Next(sizeof(long)), id);
        Name(BsonType.String, "ns");
        Copy(((BsonValue)name).Bytes.Span);
        End(cursor);
        Name(BsonType.Double, "ok");
        BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), 1.0);
        End(outer);
    }

    private void Array(IReadOnlyList<BsonDocument> documents)
    {
        var array = Begin();
        for (var index = 0; index < documents.Count; index++)
        {
            Next(1)[0] = (byte)BsonType.Document;
            index.TryFormat(_bytes[_at..], out var digits);
            _at += digits;
            Next(1)[0] = 0;
            Copy(documents[index].Bytes.Span);
        }
        End(array);
    }

    private int Begin()
    {
        Next(sizeof(int));
        return _at - sizeof(int);
    }

    private void End(int begin)
    {
        Next(1)[0] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes[begin..], _at - begin);
    }

    private void Name(BsonType type, string name)
    {
        Next(1)[0] = (byte)type;
        _at += Encoding.UTF8.GetBytes(name, _bytes[_at..]);
        Next(1)[0] = 0;
    }

    private void Copy(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    private Span<byte> Next(int count)
    {
        _at += count;
        return _bytes.Slice(_at - count, count);
    }
}
