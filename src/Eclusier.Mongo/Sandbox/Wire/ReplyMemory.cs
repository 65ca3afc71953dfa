namespace Eclusier.Mongo.Sandbox.Wire;

/// <summary>Where a connection's large answers are written, one after the other: fresh memory for each costs more than what is in it. Not thread-safe.</summary>
internal sealed class ReplyMemory
{
    private byte[] _bytes = [];

    /// <summary>Holds what was there before. It holds until the next answer.</summary>
    public Memory<byte> Of(int size)
    {
        if (_bytes.Length < size)
            _bytes = GC.AllocateUninitializedArray<byte>(size);
        return _bytes.AsMemory(0, size);
    }
}
