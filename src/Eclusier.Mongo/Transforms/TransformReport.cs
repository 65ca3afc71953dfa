using Eclusier.Mongo.Bson;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Transforms;

/// <summary>Documents of one kind: how many, and the first of them by their <c>_id</c>.</summary>
public sealed record DocumentList(long Count, IReadOnlyList<BsonValue> First)
{
    public static DocumentList None { get; } = new(0, []);

    /// <param name="most">Documents that are listed at most.</param>
    internal DocumentList Plus(DocumentList other, int most) => other.Count == 0
        ? this
        : new DocumentList(Count + other.Count, First.Count >= most ? First : [.. First.Concat(other.First).Take(most)]);

    internal DocumentList Plus(BsonValue id, int most) => Plus(new DocumentList(1, [id]), most);
}

/// <summary>What one transform did.</summary>
/// <param name="Changed">Documents that it changed.</param>
/// <param name="Values">Values that it replaced, renamed, set, removed or embedded.</param>
public sealed record TransformReport(Transform Transform, long Changed, long Values)
{
    /// <summary>Children whose parent is not there: they are in no document of the target.</summary>
    public DocumentList Orphans { get; init; } = DocumentList.None;

    /// <summary>Children that another one, newer or later, stands in for: their parent has that one's entry.</summary>
    public DocumentList Superseded { get; init; } = DocumentList.None;

    /// <summary>Children whose key is empty, has a dot or begins with a dollar, or whose place in the parent is taken by something else than a document; they are in no document of the target.</summary>
    public DocumentList Refused { get; init; } = DocumentList.None;
}
