using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Eclusier.Mongo.Bson;

/// <summary>Builds a document field by field. Not thread-safe.</summary>
public sealed class BsonWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64);

    public BsonWriter() => _buffer.Advance(WithZeroes(4));

    /// <summary>Appends a field; a value that is <see cref="BsonType.Missing"/> is left out.</summary>
    /// <exception cref="ArgumentException">The name contains a zero.</exception>
    public BsonWriter Add(string name, BsonValue value)
    {
        if (value.IsMissing)
            return this;
        if (name.Contains('\0'))
            throw new ArgumentException("A field's name cannot contain a zero.", nameof(name));
        WriteByte((byte)value.Type);
        Encoding.UTF8.GetBytes(name, _buffer);
        WriteByte(0);
        _buffer.Write(value.Bytes.Span);
        return this;
    }

    /// <summary>Appends a field under a name as it stands in another document.</summary>
    internal BsonWriter Add(ReadOnlySpan<byte> name, BsonValue value)
    {
        WriteByte((byte)value.Type);
        _buffer.Write(name);
        WriteByte(0);
        _buffer.Write(value.Bytes.Span);
        return this;
    }

    /// <summary>Appends all fields of a document.</summary>
    public BsonWriter AddAll(BsonDocument document)
    {
        _buffer.Write(document.Bytes.Span[4..^1]);
        return this;
    }

    /// <summary>The document so far; the writer can go on.</summary>
    public BsonDocument ToDocument()
    {
        var bytes = new byte[_buffer.WrittenCount + 1];
        _buffer.WrittenSpan.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        return new BsonDocument(bytes);
    }

    private void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private int WithZeroes(int count)
    {
        _buffer.GetSpan(count)[..count].Clear();
        return count;
    }
}
