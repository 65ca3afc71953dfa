using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>What became of a collection, and the proof.</summary>
/// <param name="Source">What was read.</param>
/// <param name="Copied">What was written, as the server holds it: read back, and equal to what was meant, before it took its place.</param>
public sealed record CollectionResult(CollectionContent Source, CollectionContent Copied)
{
    /// <summary>What the target held before, kept for the way back; null: there was nothing.</summary>
    public CollectionContent? Former { get; init; }

    /// <summary>The name under which the former collection is kept; null: there was none.</summary>
    public string? Kept { get; init; }

    public IReadOnlyList<TransformEvidence> Transforms { get; init; } = [];

    /// <summary>Names of the indexes that were built.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>Documents that were there from an earlier, unfinished attempt.</summary>
    public long Resumed { get; init; }
}
