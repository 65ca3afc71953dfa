using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Serialization;

namespace Eclusier.Mongo.Bson;

/// <summary>A value inside a document: its type, and the bytes that stand there. <c>default</c> is <see cref="BsonType.Missing"/>.</summary>
/// <remarks>Equal means: the same type and bytes. For MongoDB's own notion (1 equals 1.0) see <see cref="BsonOrder"/>.</remarks>
[JsonConverter(typeof(BsonValueJsonConverter))]
public readonly struct BsonValue(BsonType type, ReadOnlyMemory<byte> bytes) : IEquatable<BsonValue>
{
    public BsonType Type { get; } = type;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public static BsonValue Null { get; } = new(BsonType.Null, default);

    public static BsonValue MinKey { get; } = new(BsonType.MinKey, default);

    public static BsonValue MaxKey { get; } = new(BsonType.MaxKey, default);

    public bool IsMissing => Type == BsonType.Missing;

    /// <summary>Null, or the deprecated undefined, or not there at all.</summary>
    public bool IsNullish => Type is BsonType.Null or BsonType.Undefined or BsonType.Missing;

    public bool IsNumber => Type is BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128;

    /// <summary>Any number as a whole one, cut towards zero: servers answer the same count as int32, int64 or double.</summary>
    public long ToInt64() => Type switch
    {
        BsonType.Int32 => AsInt32,
        BsonType.Int64 => AsInt64,
        BsonType.Double => (long)AsDouble,
        _ => (long)AsDecimal128.ToDouble(),
    };

    /// <summary>Any number as the nearest double.</summary>
    public double ToDouble() => Type switch
    {
        BsonType.Int32 => AsInt32,
        BsonType.Int64 => AsInt64,
        BsonType.Double => AsDouble,
        _ => AsDecimal128.ToDouble(),
    };

    /// <exception cref="InvalidOperationException">The value has another type; so do all that follow.</exception>
    public int AsInt32 => BinaryPrimitives.ReadInt32LittleEndian(Expect(BsonType.Int32));

    public long AsInt64 => BinaryPrimitives.ReadInt64LittleEndian(Expect(BsonType.Int64));

    public double AsDouble => BinaryPrimitives.ReadDoubleLittleEndian(Expect(BsonType.Double));

    public Decimal128 AsDecimal128 => new(Expect(BsonType.Decimal128));

    public bool AsBoolean => Expect(BsonType.Boolean)[0] != 0;

    public ObjectId AsObjectId => new(Expect(BsonType.ObjectId));

    /// <summary>Milliseconds since 1970, which may lie beyond what <see cref="DateTimeOffset"/> can hold.</summary>
    public long AsMilliseconds => BinaryPrimitives.ReadInt64LittleEndian(Expect(BsonType.DateTime));

    public DateTimeOffset AsDateTime => DateTimeOffset.FromUnixTimeMilliseconds(AsMilliseconds);

    public ulong AsTimestamp => BinaryPrimitives.ReadUInt64LittleEndian(Expect(BsonType.Timestamp));

    /// <summary>A string, a symbol, or JavaScript without scope.</summary>
    public string AsString => Type is BsonType.String or BsonType.Symbol or BsonType.JavaScript
        ? Encoding.UTF8.GetString(Bytes.Span[4..^1])
        : throw Wrong(BsonType.String);

    /// <summary>A document or an array.</summary>
    public BsonDocument AsDocument => Type is BsonType.Document or BsonType.Array ? new BsonDocument(Bytes) : throw Wrong(BsonType.Document);

    public byte AsBinarySubtype => Expect(BsonType.Binary)[4];

    public ReadOnlyMemory<byte> AsBinary => Type == BsonType.Binary ? Bytes[5..] : throw Wrong(BsonType.Binary);

    /// <summary>Pattern and options.</summary>
    public (string Pattern, string Options) AsRegex
    {
        get
        {
            var span = Expect(BsonType.Regex);
            var pattern = BsonFormat.NameLength(span);
            return (Encoding.UTF8.GetString(span[..pattern]), Encoding.UTF8.GetString(span[(pattern + 1)..^1]));
        }
    }

    /// <summary>In memory of its own: it does not keep the batch that it was read with.</summary>
    public BsonValue Copy() => new(Type, Bytes.ToArray());

    public static BsonValue Array(IEnumerable<BsonValue> values) => new(BsonType.Array, BsonDocument.ArrayOf(values).Bytes);

    public static BsonValue Array(BsonDocument array) => new(BsonType.Array, array.Bytes);

    public static BsonValue DateTime(long milliseconds) => new(BsonType.DateTime, Int64Bytes(milliseconds));

    /// <param name="value">Seconds in the upper half, a counter in the lower one.</param>
    public static BsonValue Timestamp(ulong value) => new(BsonType.Timestamp, Int64Bytes((long)value));

    public static BsonValue Binary(ReadOnlySpan<byte> bytes, byte subtype = 0)
    {
        var value = new byte[bytes.Length + 5];
        BinaryPrimitives.WriteInt32LittleEndian(value, bytes.Length);
        value[4] = subtype;
        bytes.CopyTo(value.AsSpan(5));
        return new BsonValue(BsonType.Binary, value);
    }

    public static BsonValue Regex(string pattern, string options) => new(BsonType.Regex, Encoding.UTF8.GetBytes($"{pattern}\0{options}\0"));

    public static implicit operator BsonValue(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return new BsonValue(BsonType.Int32, bytes);
    }

    public static implicit operator BsonValue(long value) => new(BsonType.Int64, Int64Bytes(value));

    public static implicit operator BsonValue(double value) => new(BsonType.Double, Int64Bytes(BitConverter.DoubleToInt64Bits(value)));

    public static implicit operator BsonValue(bool value) => new(BsonType.Boolean, new[] { value ? (byte)1 : (byte)0 });

    public static implicit operator BsonValue(string value) => new(BsonType.String, StringBytes(value));

    public static implicit operator BsonValue(BsonDocument value) => new(BsonType.Document, value.Bytes);

    public static implicit operator BsonValue(ObjectId value) => new(BsonType.ObjectId, value.ToArray());

    public static implicit operator BsonValue(Decimal128 value) => new(BsonType.Decimal128, value.ToArray());

    public static implicit operator BsonValue(DateTimeOffset value) => DateTime(value.ToUnixTimeMilliseconds());

    public static bool operator ==(BsonValue left, BsonValue right) => left.Equals(right);

    public static bool operator !=(BsonValue left, BsonValue right) => !left.Equals(right);

    public bool Equals(BsonValue other) => Type == other.Type && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => obj is BsonValue other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>For messages: canonical extended JSON of this value, in which text that is not UTF-8 shows its bytes.</summary>
    public override string ToString() => IsMissing ? "" : BsonJson.Show(this);

    private static byte[] Int64Bytes(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] StringBytes(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        var bytes = new byte[length + 5];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length + 1);
        Encoding.UTF8.GetBytes(value, bytes.AsSpan(4));
        return bytes;
    }

    private ReadOnlySpan<byte> Expect(BsonType type) => Type == type ? Bytes.Span : throw Wrong(type);

    private InvalidOperationException Wrong(BsonType type) => new($"The value is of type {Type}, not {type}.");
}
