using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

public enum DifferenceKind
{
    /// <summary>Only the left collection has the document.</summary>
    OnlyLeft,
    /// <summary>Only the right collection has it.</summary>
    OnlyRight,
    /// <summary>Both have one of this <c>_id</c>, and their bytes differ.</summary>
    Different,
}

/// <summary>A document in which two collections differ.</summary>
public sealed record DocumentDifference(BsonValue Id, DifferenceKind Kind);

/// <summary>Where two collections differ.</summary>
/// <param name="Count">All differences.</param>
/// <param name="First">In the order of <c>_id</c>.</param>
public sealed record CollectionDifference(long Count, IReadOnlyList<DocumentDifference> First)
{
    /// <summary>Reads both by <c>_id</c>, side by side.</summary>
    /// <param name="most">Differences that are listed at most; all are counted.</param>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    public static Task<CollectionDifference> FindAsync(
        MongoCollection left, MongoCollection right, int most, CopyOptions options, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");
}
