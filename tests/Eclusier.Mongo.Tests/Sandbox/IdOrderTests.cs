using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Mongo.Tests.Sandbox;

public sealed class IdOrderTests
{
    [Fact]
    public void Documents_come_in_the_order_of_their_ids() => Prop.ForAll<int[]>(ids => IsSorted(ids.Distinct())).QuickCheckThrowOnFailure();

    /// <summary>As a copy writes them: ranges in turn, a batch of each.</summary>
    [Fact]
    public void Stretches_that_are_in_order_are_put_together() => Prop.ForAll<PositiveInt, PositiveInt, PositiveInt>((ranges, batches, size) =>
        IsSorted(
            from batch in Enumerable.Range(0, batches.Get)
            from range in Enumerable.Range(0, ranges.Get)
            from place in Enumerable.Range(0, size.Get)
            select (((range * batches.Get) + batch) * size.Get) + place)).QuickCheckThrowOnFailure();

    private static bool IsSorted(IEnumerable<int> ids)
    {
        var documents = ids.Select(id => BsonDocument.Of(("_id", id % 2 == 0 ? id : (BsonValue)(double)id))).ToList();
        return IdOrder.Sort(documents).SequenceEqual(documents.OrderBy(document => document["_id"], BsonOrder.Instance));
    }
}
