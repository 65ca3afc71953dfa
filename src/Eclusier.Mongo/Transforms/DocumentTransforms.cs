using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>The transforms of one collection, ready to be applied to its documents. Thread-safe.</summary>
public sealed class DocumentTransforms
{
    /// <summary>Chooses those that concern a collection, and reads what an embedding needs of its children. Writes nothing.</summary>
    /// <param name="source">Where the collection and its children are.</param>
    /// <param name="collection">A name.</param>
    /// <param name="transforms">Of the whole runbook, in their order. Those that stand before an embedding change its children, too.</param>
    /// <exception cref="EclusierException">
    /// A transform would change <c>_id</c> or is not valid (<see cref="ExitCode.Usage"/>); or there are more children than memory may hold, and no index to fetch them by (<see cref="ExitCode.NoGo"/>).
    /// </exception>
    public static Task<DocumentTransforms> PrepareAsync(
        MongoDatabase source, string collection, IReadOnlyList<Transform> transforms, CopyOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");

    /// <summary>What the source is asked for: all that the filters let through.</summary>
    public BsonDocument Filter { get; } = BsonDocument.Empty;

    /// <summary>Those of this collection, in their order.</summary>
    public IReadOnlyList<Transform> Transforms { get; } = [];

    /// <summary>Changes documents. One that no transform touches comes back as the same object.</summary>
    public Task<TransformedBatch> ApplyAsync(IReadOnlyList<BsonDocument> documents, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");

    /// <summary>What they did, all in all.</summary>
    public IReadOnlyList<TransformReport> Report(TransformCounts counts) => throw new NotSupportedException("Not yet.");
}

/// <summary>Documents after the transforms, in their order.</summary>
public sealed record TransformedBatch(IReadOnlyList<BsonDocument> Documents, TransformCounts Counts);
