using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

#pragma warning disable CS9113
internal sealed class RangeReader(MongoCollection collection, CollectionLayout layout, IdRange range, CopyOptions options)
{
    public IAsyncEnumerable<IReadOnlyList<BsonDocument>> ReadAsync(BsonDocument filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not yet.");
}
