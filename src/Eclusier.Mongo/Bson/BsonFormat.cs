using System.Buffers.Binary;

namespace Eclusier.Mongo.Bson;

/// <summary>How many bytes things take.</summary>
internal static class BsonFormat
{
    /// <summary>Bytes of a value that begins here, as its type says.</summary>
    /// <exception cref="FormatException">The value reaches beyond its document, or there is no such type.</exception>
    public static int ValueSize(BsonType type, ReadOnlySpan<byte> from)
    {
        var size = type switch
        {
            BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.Boolean => 1,
            BsonType.Int32 => 4,
            BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 => 8,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.String or BsonType.JavaScript or BsonType.Symbol => AtLeast(Length(from), 1) + 4,
            BsonType.Document or BsonType.Array => AtLeast(Length(from), 5),
            BsonType.JavaScriptWithScope => AtLeast(Length(from), 14),
            BsonType.Binary => AtLeast(Length(from), 0) + 5,
            BsonType.DbPointer => AtLeast(Length(from), 1) + 4 + 12,
            BsonType.Regex => RegexSize(from),
            _ => throw new FormatException($"There is no BSON type {(byte)type}."),
        };
        return size >= 0 && size <= from.Length ? size : throw Truncated();
    }

    public static FormatException Truncated() => new("A BSON value reaches beyond the end of its document.");

    /// <summary>Bytes up to the next zero.</summary>
    public static int NameLength(ReadOnlySpan<byte> from)
    {
        var length = from.IndexOf((byte)0);
        return length >= 0 ? length : throw Truncated();
    }

    private static int RegexSize(ReadOnlySpan<byte> from)
    {
        var pattern = NameLength(from) + 1;
        return pattern + NameLength(from[pattern..]) + 1;
    }

    private static int Length(ReadOnlySpan<byte> from) => from.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(from) : throw Truncated();

    private static int AtLeast(int length, int least) => length >= least && length < int.MaxValue - 32 ? length : throw Truncated();
}
