using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

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
    /// <summary>Reads both by <c>_id</c>, side by side; memory does not grow with them.</summary>
    /// <param name="most">Differences that are listed at most; all are counted.</param>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<CollectionDifference> FindAsync(
        MongoCollection left, MongoCollection right, int most, CopyOptions options, CancellationToken cancellationToken)
    {
        await using var ours = await OrderedDocuments.OpenAsync(left, options, cancellationToken);
        await using var theirs = await OrderedDocuments.OpenAsync(right, options, cancellationToken);
        await ours.MoveAsync();
        await theirs.MoveAsync();
        var (count, first) = (0L, new List<DocumentDifference>());
        while (ours.Current is not null || theirs.Current is not null)
        {
            if (Compare(ours.Current, theirs.Current) is { } difference)
            {
                if (count++ < most)
                    first.Add(difference with { Id = difference.Id.Copy() });
            }
            var order = Order(ours.Current, theirs.Current);
            if (order <= 0)
                await ours.MoveAsync();
            if (order >= 0)
                await theirs.MoveAsync();
        }
        return new CollectionDifference(count, first);
    }

    private static DocumentDifference? Compare(BsonDocument? ours, BsonDocument? theirs) => Order(ours, theirs) switch
    {
        < 0 => new DocumentDifference(ours!["_id"], DifferenceKind.OnlyLeft),
        > 0 => new DocumentDifference(theirs!["_id"], DifferenceKind.OnlyRight),
        _ => ours!.Equals(theirs) ? null : new DocumentDifference(ours["_id"], DifferenceKind.Different),
    };

    private static int Order(BsonDocument? ours, BsonDocument? theirs)
    {
        if (ours is null || theirs is null)
            return ours is null ? 1 : -1;
        return BsonOrder.Instance.Compare(ours["_id"], theirs["_id"]);
    }
}
