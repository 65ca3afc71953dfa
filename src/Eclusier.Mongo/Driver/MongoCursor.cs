using System.Runtime.CompilerServices;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Driver;

/// <summary>What is handed over together.</summary>
/// <param name="Bytes">Ends with the document that goes beyond.</param>
/// <param name="ReuseMemory">Whether the documents of a batch hold only until the next one is asked for.</param>
internal readonly record struct BatchLimits(int Count, int Bytes, bool ReuseMemory = false)
{
    /// <summary>Short lists.</summary>
    public static BatchLimits Few { get; } = new(1000, int.MaxValue);
}

/// <summary>Reads a cursor batch by batch. Small documents of a batch share memory: keep one, and up to 64 KB stay with it.</summary>
internal static class MongoCursor
{
    public static async IAsyncEnumerable<IReadOnlyList<BsonDocument>> ReadAsync(
        ClientPool pool, NativeCursor.Opening opening, BatchLimits limits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = await Blocking.RunAsync(() => NativeCursor.Open(pool, opening, limits.ReuseMemory), cancellationToken);
        try
        {
            while (true)
            {
                var batch = await Blocking.RunAsync(() => cursor.Next(limits.Count, limits.Bytes), cancellationToken);
                if (batch.Count == 0)
                    yield break;
                yield return batch;
            }
        }
        finally
        {
            // Kills the cursor on the server, at once or when the call that was not waited for ends.
            await Blocking.RunAsync(cursor.Dispose);
        }
    }
}
