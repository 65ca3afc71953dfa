using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Collections;

/// <summary>How far the swap of a collection has come.</summary>
public enum SwapState
{
    /// <summary>The shadow is there, and the live collection is the old one, or none.</summary>
    Prepared,
    /// <summary>The live collection is what was the shadow.</summary>
    Swapped,
    /// <summary>The live collection is the one that was kept.</summary>
    RolledBack,
    /// <summary>None of these: somebody else dropped or renamed collections.</summary>
    Unknown,
}

/// <summary>What to do when somebody wrote to the live collection.</summary>
public enum WhenChanged
{
    /// <summary>Leave everything as it is, and say so.</summary>
    Stop,
    /// <summary>Go on: what was written is lost.</summary>
    GoOn,
}

/// <summary>The live collection as it was kept.</summary>
/// <param name="Copy">Null: there was no live collection.</param>
/// <param name="Indexes">What became of its indexes.</param>
public sealed record KeptCollection(CopyResult? Copy, IndexBuild? Indexes)
{
    public static KeptCollection None { get; } = new(null, null);

    /// <summary>Whether it holds what the live one held, with all its indexes.</summary>
    public bool IsVerified => Copy?.IsVerified != false && (Indexes is null || Indexes.Violations.Count == 0);
}

/// <summary>What a swap, or the way back, found.</summary>
/// <param name="Done">Whether it was done.</param>
/// <param name="Found">The live collection right before.</param>
/// <param name="Expected">As it was when it was kept (or, on the way back, when it was copied); when it is another now, somebody wrote to it.</param>
public sealed record SwapResult(bool Done, ContentHash Found, ContentHash Expected)
{
    public bool IsUnchanged => Found == Expected;
}

/// <summary>
/// Puts a shadow in the place of the live collection. MongoDB cannot rename two collections at once, and moving the live one away first would leave a moment
/// without any; so the live one is copied (<see cref="KeepAsync"/>), and one rename, which is atomic, then drops it and puts the shadow in its place. Readers see the old
/// collection or the new one, whole; a cursor that is open on the old one ends with an error (175, QueryPlanKilled), as it does at every drop.
/// </summary>
/// <param name="shadow">What was copied to the shadow: a collection keeps its uuid when it is renamed.</param>
public sealed class CollectionSwap(MongoClient client, SwapNames names, CopyResult shadow, CopyOptions options)
{
    /// <summary>Copies the live collection, with its options and indexes, and verifies the copy. Can be called again: a copy that is not of what is live now is dropped first.</summary>
    /// <exception cref="EclusierException">The live name is a view's; or the shadow is not there, and the kept collection may be all that is left of the old one.</exception>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    public async Task<KeptCollection> KeepAsync(ICopyProgress? progress, CancellationToken cancellationToken)
    {
        if (await StateAsync(cancellationToken) != SwapState.Prepared)
            throw NotPrepared();
        var (live, kept) = (client.Collection(names.Live), client.Collection(names.Kept));
        if (await CollectionLayout.FindAsync(live, options, cancellationToken) is null)
            return KeptCollection.None;
        var copy = await CopyAsync(live, kept, progress, cancellationToken);
        var indexes = await TransientRetry.RunAsync(() => live.ListIndexesAsync(cancellationToken), options, cancellationToken);
        var plan = IndexPlan.Of(names.Live.Collection, indexes, []);
        return new KeptCollection(copy, await IndexBuild.RunAsync(kept, plan.Specifications, options, cancellationToken));
    }

    /// <summary>Reads the live collection once more, compares it with what was kept, and swaps. What is written between that reading and the rename is lost: writers should have stopped.</summary>
    /// <exception cref="EclusierException">There is no shadow.</exception>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    public async Task<SwapResult> SwapAsync(KeptCollection kept, WhenChanged whenChanged, CancellationToken cancellationToken)
    {
        var expected = kept.Copy?.Source ?? ContentHash.None;
        var state = await StateAsync(cancellationToken);
        if (state == SwapState.Swapped)
            return new SwapResult(true, expected, expected);
        if (state != SwapState.Prepared)
            throw NotPrepared();
        var found = await ContentHash.OfAsync(client.Collection(names.Live), options, cancellationToken);
        if (found != expected && whenChanged == WhenChanged.Stop)
            return new SwapResult(false, found, expected);
        await RenameAsync(names.Shadow, names.Live, shadow.Uuid, cancellationToken);
        return new SwapResult(true, found, expected);
    }

    /// <summary>Puts the kept collection back, in one rename; where there was none before, the new one goes back to its shadow's name.</summary>
    /// <exception cref="EclusierException">There is nothing that was kept, or the live collection is not what was swapped in.</exception>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    public async Task<SwapResult> RollBackAsync(KeptCollection kept, WhenChanged whenChanged, CancellationToken cancellationToken)
    {
        var state = await StateAsync(cancellationToken, kept);
        if (state == SwapState.RolledBack)
            return new SwapResult(true, shadow.Verified, shadow.Verified);
        if (state != SwapState.Swapped)
            throw NotPrepared();
        var found = await ContentHash.OfAsync(client.Collection(names.Live), options, cancellationToken);
        if (found != shadow.Verified && whenChanged == WhenChanged.Stop)
            return new SwapResult(false, found, shadow.Verified);
        if (kept.Copy is { } copy)
            await RenameAsync(names.Kept, names.Live, copy.Uuid, cancellationToken);
        else
            await RenameAsync(names.Live, names.Shadow, shadow.Uuid, cancellationToken);
        return new SwapResult(true, found, shadow.Verified);
    }

    /// <summary>How far it has come.</summary>
    /// <param name="kept">What was kept; null when nothing is known of it.</param>
    public async Task<SwapState> StateAsync(CancellationToken cancellationToken, KeptCollection? kept = null)
    {
        var live = await UuidAsync(names.Live, cancellationToken);
        if (live == shadow.Uuid)
            return SwapState.Swapped;
        if (kept?.Copy is { } copy && live == copy.Uuid)
            return SwapState.RolledBack;
        if (await UuidAsync(names.Shadow, cancellationToken) == shadow.Uuid)
            return kept is { Copy: null } && live is null ? SwapState.RolledBack : SwapState.Prepared;
        return SwapState.Unknown;
    }

    /// <summary>A kept copy of an earlier attempt may be of documents that are others now.</summary>
    private async Task<CopyResult> CopyAsync(MongoCollection live, MongoCollection kept, ICopyProgress? progress, CancellationToken cancellationToken)
    {
        var order = new CopyOrder(live, kept) { Progress = progress };
        if (await UuidAsync(names.Kept, cancellationToken) is not null)
        {
            try
            {
                if (await CollectionCopy.RunAsync(order, options, cancellationToken) is { IsVerified: true } copy)
                    return copy;
            }
            catch (MigrationFailedException)
            {
                // It holds other documents: made anew below.
            }
            await TransientRetry.RunAsync(() => kept.DropAsync(cancellationToken), options, cancellationToken);
        }
        return await CollectionCopy.RunAsync(order, options, cancellationToken);
    }

    /// <summary>When the answer to a rename was lost, the uuid tells whether it was done.</summary>
    private Task RenameAsync(MongoNamespace from, MongoNamespace to, string uuid, CancellationToken cancellationToken) => TransientRetry.RunAsync(
        async () =>
        {
            if (await UuidAsync(to, cancellationToken) != uuid)
                await client.RenameAsync(from, to, dropTarget: true, cancellationToken);
            return true;
        },
        options,
        cancellationToken);

    private async Task<string?> UuidAsync(MongoNamespace name, CancellationToken cancellationToken) =>
        (await CollectionLayout.FindAsync(client.Collection(name), options, cancellationToken))?.Uuid;

    private EclusierException NotPrepared() => new MigrationFailedException(
        new Text("The collections are not what this run left behind: somebody else renamed or dropped some of them.",
            "Les collections ne sont pas celles que cette exécution a laissées : quelqu'un d'autre en a renommé ou supprimé."),
        names.Live.ToString(),
        new Text($"Look for {names.Shadow.Collection} and {names.Kept.Collection}, and rename by hand.", $"Cherchez {names.Shadow.Collection} et {names.Kept.Collection}, et renommez à la main."));
}
