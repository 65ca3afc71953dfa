using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Collections;

/// <summary>The names that belong to one collection in one run.</summary>
/// <param name="Live">What applications use.</param>
/// <param name="Shadow">The copy that will take its place.</param>
/// <param name="Kept">The live collection as it was before, for the way back.</param>
public sealed record SwapNames(MongoNamespace Live, MongoNamespace Shadow, MongoNamespace Kept)
{
    /// <param name="run">A name of the run, of letters, digits and underscores; the same name finds an interrupted run's collections again.</param>
    public static SwapNames Of(MongoNamespace live, string run) => new(
        live, new MongoNamespace(live.Database, $"{live.Collection}__eclusier_{run}"), new MongoNamespace(live.Database, $"{live.Collection}__eclusier_kept_{run}"));
}

/// <summary>How far the swap of a collection has come.</summary>
public enum SwapState
{
    /// <summary>There is no shadow, and there was no swap.</summary>
    NotStarted,
    /// <summary>The shadow is there, and the live collection is the old one, or none.</summary>
    Prepared,
    /// <summary>The live collection is what was the shadow.</summary>
    Swapped,
    /// <summary>Neither: somebody else dropped or renamed collections.</summary>
    Unknown,
}

/// <summary>The live collection as it was kept.</summary>
/// <param name="Live">Null: there was no live collection.</param>
public sealed record KeptCollection(CopyResult? Live)
{
    public bool IsVerified => Live?.IsVerified != false;
}

/// <summary>What a swap, or the way back, found.</summary>
/// <param name="Done">Whether it was done.</param>
/// <param name="Found">The live collection right before.</param>
/// <param name="Expected">As it was when it was kept (or, on the way back, right after the swap); when it is another now, somebody wrote to it.</param>
public sealed record SwapResult(bool Done, ContentHash Found, ContentHash Expected)
{
    public bool IsUnchanged => Found == Expected;
}

/// <summary>
/// Puts a shadow in the place of the live collection. MongoDB cannot rename two collections at once, and moving the live one away first would leave a moment
/// without any; so the live one is copied (<see cref="KeepAsync"/>), and one rename, which is atomic, then drops it and puts the shadow in its place. Readers see the old
/// collection or the new one, whole.
/// </summary>
#pragma warning disable CS9113
public sealed class CollectionSwap(MongoClient client, SwapNames names, CopyOptions options)
{
    /// <summary>Copies the live collection, with its options and indexes, and verifies the copy. Can be called again.</summary>
    /// <exception cref="EclusierException">The live name is a view's.</exception>
    public Task<KeptCollection> KeepAsync(ICopyProgress? progress, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");

    /// <summary>Reads the live collection once more, and swaps when it is still what was kept.</summary>
    /// <param name="force">Whether to swap also when somebody wrote to it since: those writes are in no collection any more.</param>
    public Task<SwapResult> SwapAsync(KeptCollection kept, ContentHash shadow, bool force, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");

    /// <summary>How far it has come.</summary>
    /// <param name="shadowUuid">Of the shadow (<see cref="CopyResult.Uuid"/>): a collection keeps it when it is renamed.</param>
    public Task<SwapState> StateAsync(string shadowUuid, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");

    /// <summary>Puts the kept collection back, in one rename; where there was none before, the new one goes back to its shadow's name.</summary>
    /// <param name="swapped">What the live collection was right after the swap.</param>
    /// <param name="force">Whether to go back also when somebody wrote to it since: those writes are lost.</param>
    public Task<SwapResult> RollBackAsync(ContentHash swapped, bool force, CancellationToken cancellationToken) => throw new NotSupportedException("Not yet.");
}
