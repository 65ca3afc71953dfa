using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>What a copy did, and the proof that it did it right.</summary>
/// <param name="Source">Of what was read.</param>
/// <param name="Expected">Of what was written: the same where no transform touches a document.</param>
/// <param name="Verified">Of what the target then held.</param>
/// <param name="Uuid">Of the target collection; it keeps it when it is renamed inside its database.</param>
public sealed record CopyResult(ContentHash Source, ContentHash Expected, ContentHash Verified, string Uuid)
{
    /// <summary>Whether the target holds what was written, all of it and nothing else.</summary>
    public bool IsVerified => Expected == Verified;

    /// <summary>In the order of the runbook; those of other collections are left out.</summary>
    public IReadOnlyList<TransformReport> Transforms { get; init; } = [];

    /// <summary>
    /// Documents with an empty timestamp at their top level: MongoDB puts its own time there when such a document is inserted (manual: BSON Types, Timestamps).
    /// The hashes of what was written count them as they are stored.
    /// </summary>
    public DocumentList EmptyTimestamps { get; init; } = DocumentList.None;

    /// <summary>Documents that were there from an earlier, unfinished copy.</summary>
    public long Resumed { get; init; }

    public TimeSpan Took { get; init; }
}
