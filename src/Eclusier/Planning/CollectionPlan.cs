using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>What a plan means to do with a collection.</summary>
[JsonConverter(typeof(SnakeCase<CollectionAction>))]
public enum CollectionAction
{
    /// <summary>The target has none of this name.</summary>
    New,
    /// <summary>The copy takes the place of the target's.</summary>
    Replace,
    /// <summary>The target's holds the same documents, and the indexes are there.</summary>
    Unchanged,
    /// <summary>The runbook leaves it alone.</summary>
    Ignored,
    /// <summary>Its documents go into another collection.</summary>
    Embedded,
}

/// <summary>What is known of a collection before it is copied.</summary>
/// <param name="Source">Of the source's documents, by count and hash.</param>
/// <param name="Expected">Of what the copy will hold: the source's, but for transforms.</param>
/// <param name="Target">Of the target's documents now; null: there is no such collection.</param>
public sealed record CollectionPlan(CollectionAction Action, CollectionContent Source, CollectionContent Expected, CollectionContent? Target)
{
    /// <summary>Documents of the target that the copy will not hold; null where nobody looked.</summary>
    public long? OnlyInTarget { get; init; }

    public IReadOnlyList<TransformEvidence> Transforms { get; init; } = [];

    /// <summary>Names of the indexes that the copy will have, without that on <c>_id</c>.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];
}

/// <param name="Documents">How many.</param>
/// <param name="Bytes">Of BSON.</param>
/// <param name="Hash">Equal where the same documents are, whatever their order.</param>
public sealed record CollectionContent(long Documents, long Bytes, string Hash);

/// <summary>What a transform does, or has done.</summary>
/// <param name="Kind"><c>embed</c>, <c>replace</c>, …</param>
/// <param name="What">In words.</param>
/// <param name="Changed">Documents that it changes.</param>
/// <param name="Values">Values that it embeds, replaces, renames, sets or removes.</param>
public sealed record TransformEvidence(string Kind, Text What, long Changed, long Values)
{
    /// <summary>Children whose parent is not there.</summary>
    public DocumentFacts Orphans { get; init; } = DocumentFacts.None;

    /// <summary>Children in whose place another one, newer or later, stands.</summary>
    public DocumentFacts Superseded { get; init; } = DocumentFacts.None;

    /// <summary>Children that no place in the parent can take.</summary>
    public DocumentFacts Refused { get; init; } = DocumentFacts.None;
}

/// <param name="Count">How many.</param>
/// <param name="First">The first of them by <c>_id</c>, as extended JSON.</param>
public sealed record DocumentFacts(long Count, IReadOnlyList<string> First)
{
    public static DocumentFacts None { get; } = new(0, []);
}
