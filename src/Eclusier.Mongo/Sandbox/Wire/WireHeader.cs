using System.Buffers.Binary;

namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>What every message begins with.</summary>
internal readonly record struct WireHeader(int Length, int RequestId, int AnswerTo, int OpCode)
{
    public const int Size = 16;

    /// <summary>Longest message (<c>maxMessageSizeBytes</c>).</summary>
    public const int LongestMessage = 48_000_000;

    public static WireHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], AnswerTo);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], OpCode);
    }
}
