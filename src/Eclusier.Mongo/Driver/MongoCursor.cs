using System.Runtime.CompilerServices;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Driver;

/// <summary>Reads a cursor batch by batch. Small documents of a batch share memory: keep one, and up to 64 KB stay with it.</summary>
internal static class MongoCursor
{
    public static async IAsyncEnumerable<IReadOnlyList<BsonDocument>> ReadAsync(
        ClientPool pool, NativeCursor.Opening opening, int count, int bytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = await Blocking.RunAsync(() => NativeCursor.Open(pool, opening), cancellationToken);
        try
        {
            while (true)
            {
                var batch = await Blocking.RunAsync(() => cursor.Next(count, bytes), cancellationToken);
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
