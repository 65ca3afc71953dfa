namespace Eclusier.Mongo.Driver;

/// <summary>Where the documents of a cursor's batch lie: the driver's own memory goes to the next answer. Small ones share a piece. Not thread-safe.</summary>
/// <param name="reused">Whether the next batch takes the place of this one.</param>
internal sealed class BatchMemory(bool reused)
{
    /// <summary>The garbage collector still takes such a piece for small: who keeps one document keeps no more.</summary>
    private const int SmallPiece = 64 * 1024;

    /// <summary>Of memory that stays, so that a batch of large documents is a few pieces.</summary>
    private const int LargePiece = 1024 * 1024;

    private readonly List<byte[]> _pieces = [];
    private ArraySegment<byte> _rest = ArraySegment<byte>.Empty;
    private int _used;

    public void NextBatch()
    {
        if (reused)
            (_used, _rest) = (0, ArraySegment<byte>.Empty);
    }

    /// <summary>Room for one document; what was there before may still be in it.</summary>
    public ArraySegment<byte> Place(int size)
    {
        if (!reused && size > SmallPiece / 4)
            return GC.AllocateUninitializedArray<byte>(size);
        if (size > _rest.Count)
            _rest = reused ? NextPiece(size) : new byte[SmallPiece];
        var place = _rest[..size];
        _rest = _rest[size..];
        return place;
    }

    private byte[] NextPiece(int size)
    {
        if (_used == _pieces.Count)
            _pieces.Add([]);
        if (_pieces[_used].Length < size)
            _pieces[_used] = GC.AllocateUninitializedArray<byte>(Math.Max(size, LargePiece));
        return _pieces[_used++];
    }
}
