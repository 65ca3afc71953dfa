using System.Buffers.Binary;
using System.Text;

namespace Eclusier.Mongo.Bson;

/// <summary>Writes a large document into memory that is there already: fresh memory for each costs more than what is in it.</summary>
/// <remarks>The memory must be large enough; what is beyond <see cref="Length"/> is not touched.</remarks>
internal ref struct BsonSpanWriter(Span<byte> bytes)
{
    /// <summary>Bytes that an element of an array takes beside its value, at most: its type, up to ten digits and a zero.</summary>
    public const int LongestKey = 12;

    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Begins a document or array.</summary>
    /// <returns>Where: for <see cref="End"/>.</returns>
    public int Begin()
    {
        Next(sizeof(int));
        return Length - sizeof(int);
    }

    public void End(int begin)
    {
        Next(1)[0] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes[begin..], Length - begin);
    }

    public void Name(BsonType type, string name)
    {
        Next(1)[0] = (byte)type;
        Length += Encoding.UTF8.GetBytes(name, _bytes[Length..]);
        Next(1)[0] = 0;
    }

    /// <summary>The name of an array's element.</summary>
    public void Index(BsonType type, int index)
    {
        Next(1)[0] = (byte)type;
        index.TryFormat(_bytes[Length..], out var digits);
        Length += digits;
        Next(1)[0] = 0;
    }

    public void Field(string name, BsonValue value)
    {
        Name(value.Type, name);
        Copy(value.Bytes.Span);
    }

    /// <summary>A value's bytes, as they are.</summary>
    public void Copy(scoped ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    private Span<byte> Next(int count)
    {
        Length += count;
        return _bytes.Slice(Length - count, count);
    }
}
