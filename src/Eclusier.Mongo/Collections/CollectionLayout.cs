using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

/// <summary>How a collection can be read in parts.</summary>
/// <param name="IsCapped">Its order is the order of insertion: it is one range, read from the beginning.</param>
internal sealed record CollectionLayout(bool IsCapped, IReadOnlyList<IdRange> Ranges)
{
    public static Task<CollectionLayout> ReadAsync(MongoCollection collection, CopyOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");
}
