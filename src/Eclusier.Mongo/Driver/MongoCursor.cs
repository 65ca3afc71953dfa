using System.Runtime.CompilerServices;
using Eclusier.Mongo.Bson;
using MongoDB.Driver;

namespace Eclusier.Mongo.Driver;

/// <summary>What is handed over together.</summary>
/// <param name="Bytes">Ends with the document that goes beyond.</param>
/// <param name="ReuseMemory">Whether the documents of a batch hold only until the next one is asked for.</param>
internal readonly record struct BatchLimits(int Count, int Bytes, bool ReuseMemory = false);

/// <summary>Reads a cursor batch by batch. Small documents of a batch share memory: keep one, and up to 64 KB stay with it.</summary>
internal static class MongoCursor
{
    /// <param name="open">Opens it; its documents are to be put into the memory given.</param>
    /// <exception cref="MongoException">The server refused, or could not be asked.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<BsonDocument>> ReadAsync(
        DriverErrors errors,
        Func<BatchMemory, Task<IAsyncCursor<BsonDocument>>> open,
        BatchLimits limits,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var memory = new BatchMemory(limits.ReuseMemory);
        // Kills the cursor on the server when it is left before its end.
        using var cursor = await errors.TranslateAsync(() => open(memory));
        // The first answer came when it was opened.
        var isFirst = true;
        while (await errors.TranslateAsync(NextAsync))
        {
            isFirst = false;
            foreach (var batch in Divided(cursor.Current.ToList(), limits))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batch;
            }
        }

        Task<bool> NextAsync()
        {
            if (!isFirst)
                memory.NextBatch();
            return cursor.MoveNextAsync(cancellationToken);
        }
    }

    /// <summary>A server sends up to 16 MB where it is only told a count.</summary>
    private static IEnumerable<IReadOnlyList<BsonDocument>> Divided(List<BsonDocument> documents, BatchLimits limits)
    {
        for (var from = 0; from < documents.Count;)
        {
            var (to, bytes) = (from, 0L);
            while (to < documents.Count && to - from < limits.Count && bytes < limits.Bytes)
                bytes += documents[to++].Size;
            yield return from == 0 && to == documents.Count ? documents : documents.GetRange(from, to - from);
            from = to;
        }
    }
}
