using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Ranges;

/// <summary>A part of a collection, by MongoDB's own order of <c>_id</c>.</summary>
/// <param name="From">The first <c>_id</c>; missing: from the beginning.</param>
/// <param name="To">The <c>_id</c> behind the last; missing: to the end.</param>
public sealed record IdRange(BsonValue From, BsonValue To);
