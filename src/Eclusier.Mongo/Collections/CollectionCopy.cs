using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>What to copy where.</summary>
/// <param name="Source">Only read.</param>
/// <param name="Target">Made with the source's options (collation, validator, capped, clustered, …) when it is not there; else added to. Its other indexes come after the copy.</param>
public sealed record CopyOrder(MongoCollection Source, MongoCollection Target)
{
    /// <summary>Null: every document is copied byte for byte.</summary>
    public DocumentTransforms? Transforms { get; init; }

    /// <summary>Null: nothing is kept.</summary>
    public ICopyProgress? Progress { get; init; }
}

/// <summary>Copies a collection, and proves it.</summary>
public static class CollectionCopy
{
    /// <summary>
    /// Reads the source by ranges of <c>_id</c>, transforms, writes, and reads the target again. Interrupted anywhere, by whatever, it can be called again with the same order: documents
    /// that are there already are left alone when they are the same, byte for byte.
    /// </summary>
    /// <returns>The hashes; whoever swaps looks at <see cref="CopyResult.IsVerified"/> first.</returns>
    /// <exception cref="EclusierException">The source is a view, a time series or not there; or the target holds another document of the same <c>_id</c>.</exception>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, between two batches.</exception>
    public static Task<CopyResult> RunAsync(CopyOrder order, CopyOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");
}
