using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Indexes;

/// <summary>The indexes that a collection is to have, without the one on <c>_id</c>.</summary>
/// <param name="Specifications">As <c>createIndexes</c> takes them: key, name, unique, …</param>
/// <param name="Conflicts">Two indexes of one name, or two names for the same index; with any, the plan cannot be carried out.</param>
/// <param name="Replaced">Names of the source's indexes that give way to one of the runbook's, with the same keys and other options.</param>
public sealed record IndexPlan(IReadOnlyList<BsonDocument> Specifications, IReadOnlyList<Text> Conflicts, IReadOnlyList<string> Replaced)
{
    /// <summary>Merges what the source has with what the runbook asks for.</summary>
    /// <param name="source">As <c>listIndexes</c> says it.</param>
    /// <param name="wanted">Those of other collections are left out.</param>
    public static IndexPlan Of(string collection, IReadOnlyList<BsonDocument> source, IEnumerable<IndexSettings> wanted) => throw new NotSupportedException("Not yet.");
}
