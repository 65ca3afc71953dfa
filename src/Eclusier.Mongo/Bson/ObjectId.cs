using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Eclusier.Mongo.Bson;

/// <summary>Twelve bytes: seconds since 1970, a random number of this process, a counter.</summary>
public readonly record struct ObjectId
{
    private static readonly byte[] Process = RandomNumberGenerator.GetBytes(5);
    private static int _counter = RandomNumberGenerator.GetInt32(1 << 24);

    private readonly ulong _high;
    private readonly uint _low;

    /// <param name="bytes">Twelve of them.</param>
    public ObjectId(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
    }

    /// <summary>A new one: greater than those made in the seconds before.</summary>
    public static ObjectId New(TimeProvider time)
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)time.GetUtcNow().ToUnixTimeSeconds());
        Process.CopyTo(bytes[4..]);
        var count = Interlocked.Increment(ref _counter);
        (bytes[9], bytes[10], bytes[11]) = ((byte)(count >> 16), (byte)(count >> 8), (byte)count);
        return new ObjectId(bytes);
    }

    /// <exception cref="FormatException">Not 24 hexadecimal digits.</exception>
    public static ObjectId Parse(string hex) =>
        hex.Length == 24 ? new ObjectId(Convert.FromHexString(hex)) : throw new FormatException("An ObjectId has 24 hexadecimal digits.");

    public byte[] ToArray()
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), _low);
        return bytes;
    }

    /// <summary>24 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
