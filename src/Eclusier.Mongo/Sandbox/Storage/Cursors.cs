using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox.Wire;

namespace Eclusier.Mongo.Sandbox.Storage;

/// <summary>Answers that clients have not read to the end.</summary>
/// <param name="timeout">How long nobody may have read from one before it goes.</param>
internal sealed class Cursors(TimeProvider time, TimeSpan timeout)
{
    private const int FirstBatch = 101;

    /// <summary>An answer stays below the largest document, with room for what is around the batch.</summary>
    private const int BatchBytes = BsonDocument.LargestSize - (16 * 1024);

    private readonly Dictionary<long, Cursor> _open = [];
    private long _last = 1000;

    public int Count => _open.Count;

    /// <summary>The first batch, as every command that opens a cursor answers it.</summary>
    /// <param name="memory">The answer holds until this is used again.</param>
    /// <param name="batchSize">Null: the server's own.</param>
    /// <param name="single">Whether the client wants no more than this batch.</param>
    public BsonDocument Open(ReplyMemory memory, MongoNamespace name, IEnumerable<BsonDocument> documents, long? batchSize, bool single = false, bool neverTimesOut = false)
    {
        var cursor = new Cursor(name, documents.GetEnumerator(), neverTimesOut);
        var batch = cursor.Next(batchSize ?? FirstBatch, BatchBytes);
        return BatchReply.Write(memory, cursor.Name.ToString(), "firstBatch", batch, single ? 0 : Keep(cursor));
    }

    /// <exception cref="CommandError">There is no such cursor, or it is another collection's.</exception>
    public BsonDocument GetMore(ReplyMemory memory, long id, MongoNamespace name, long? batchSize)
    {
        RemoveIdle();
        if (!_open.TryGetValue(id, out var cursor))
            throw CommandError.CursorNotFound(id);
        if (cursor.Name != name)
            throw new CommandError(13, "Unauthorized", $"Requested getMore on namespace '{name}', but cursor belongs to a different namespace {cursor.Name}");
        var batch = cursor.Next(batchSize is null or 0 ? long.MaxValue : batchSize.Value, BatchBytes);
        cursor.LastUsed = time.GetTimestamp();
        if (cursor.IsAtEnd)
            Kill(id);
        return BatchReply.Write(memory, cursor.Name.ToString(), "nextBatch", batch, cursor.IsAtEnd ? 0 : id);
    }

    /// <returns>Whether there was one.</returns>
    public bool Kill(long id) => _open.Remove(id);

    private long Keep(Cursor cursor)
    {
        RemoveIdle();
        if (cursor.IsAtEnd)
            return 0;
        cursor.LastUsed = time.GetTimestamp();
        _open.Add(++_last, cursor);
        return _last;
    }

    private void RemoveIdle()
    {
        foreach (var (id, cursor) in _open.Where(pair => !pair.Value.NeverTimesOut && time.GetElapsedTime(pair.Value.LastUsed) > timeout).ToList())
            _open.Remove(id);
    }

    private sealed class Cursor
    {
        private readonly IEnumerator<BsonDocument> _documents;

        public Cursor(MongoNamespace name, IEnumerator<BsonDocument> documents, bool neverTimesOut)
        {
            (Name, _documents, NeverTimesOut) = (name, documents, neverTimesOut);
            Advance();
        }

        public MongoNamespace Name { get; }

        public bool NeverTimesOut { get; }

        public long LastUsed { get; set; }

        public bool IsAtEnd { get; private set; }

        public List<BsonDocument> Next(long count, int bytes)
        {
            var batch = new List<BsonDocument>();
            while (!IsAtEnd && batch.Count < count && (batch.Count == 0 || _documents.Current.Size <= bytes))
            {
                batch.Add(_documents.Current);
                bytes -= _documents.Current.Size;
                Advance();
            }
            return batch;
        }

        private void Advance() => IsAtEnd = !_documents.MoveNext();
    }
}
