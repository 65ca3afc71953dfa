using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Collections;

/// <summary>What to copy where.</summary>
/// <param name="Source">Only read.</param>
/// <param name="Target">Made with the source's options (collation, validator, capped, clustered, …) when it is not there; else added to. Its other indexes come after the copy.</param>
public sealed record CopyOrder(MongoCollection Source, MongoCollection Target)
{
    /// <summary>Null: every document is copied byte for byte.</summary>
    public DocumentTransforms? Transforms { get; init; }

    /// <summary>Null: nothing is kept.</summary>
    public ICopyProgress? Progress { get; init; }
}

/// <summary>Copies a collection, and proves it.</summary>
public static class CollectionCopy
{
    /// <summary>
    /// Reads the source by ranges of <c>_id</c>, transforms, writes, and reads the target again. Interrupted anywhere, by whatever, it can be called again with the same order: documents
    /// that are there already are left alone when they are the same, byte for byte. The target's validator is not asked: the source may hold documents that are older than it.
    /// </summary>
    /// <returns>The hashes; whoever swaps looks at <see cref="CopyResult.IsVerified"/> first.</returns>
    /// <exception cref="EclusierException">
    /// The source is a view, a time series or not there; a document outgrew 16 MB; or the target holds another document of the same <c>_id</c> (<see cref="MigrationFailedException"/>).
    /// </exception>
    /// <exception cref="MongoException">A server refuses, or could not be asked for longer than the options allow.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, between two batches.</exception>
    public static async Task<CopyResult> RunAsync(CopyOrder order, CopyOptions options, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        var source = await SourceAsync(order.Source, options, cancellationToken);
        var target = await TargetAsync(order.Target, source, options, cancellationToken);
        var (layout, ledger) = await LedgerAsync(order, source, target, options, cancellationToken);
        var ranges = new RangeCopy(order, layout, ledger, options);
        await options.EachRangeAsync(layout.Ranges.Count, ranges.RunAsync, cancellationToken);
        var verified = await ContentHash.OfAsync(order.Target, options, cancellationToken);
        return ledger.Result(verified, order.Transforms) with { Took = options.Time.GetElapsedTime(started) };
    }

    private static async Task<CollectionLayout> SourceAsync(MongoCollection source, CopyOptions options, CancellationToken cancellationToken)
    {
        var layout = await CollectionLayout.FindAsync(source, options, cancellationToken)
            ?? throw Refused(source, new Text("There is no such collection.", "Cette collection n'existe pas."));
        return layout.Type switch
        {
            "collection" => layout,
            "view" => throw Refused(source, new Text("This is a view, and views are not copied.", "C'est une vue, et les vues ne sont pas copiées.")),
            var type => throw Refused(source, new Text($"This is a {type}, and not a collection of documents.", $"C'est un objet de type {type}, et non une collection de documents.")),
        };
    }

    private static EclusierException Refused(MongoCollection source, Text problem) => new RefusedException(
        problem,
        source.Namespace.ToString(),
        new Text("Leave it out: add its name to \"collections.ignore\".", "Laissez-la de côté : ajoutez son nom à « collections.ignore »."));

    private static async Task<CollectionLayout> TargetAsync(MongoCollection target, CollectionLayout source, CopyOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await CollectionLayout.FindAsync(target, options, cancellationToken) is { } found)
                return found;
            await CollectionCreation.RunAsync(target, source.Options, options, cancellationToken);
        }
    }

    /// <summary>Goes on where the progress that was kept ends; its ranges stay, since a new sample would make others.</summary>
    private static async Task<(CollectionLayout Layout, CopyLedger Ledger)> LedgerAsync(
        CopyOrder order, CollectionLayout source, CollectionLayout target, CopyOptions options, CancellationToken cancellationToken)
    {
        if (source.HasIdOrder && order.Progress?.Last is { } last && last.Collection == target.Uuid)
            return (source with { Ranges = [.. last.Ranges.Select(range => range.Range)] }, new CopyLedger(last, order.Progress, options));
        var layout = await source.DividedAsync(order.Source, options, cancellationToken);
        var progress = new CopyProgress(target.Uuid, [.. layout.Ranges.Select(range => new RangeProgress(range))]);
        return (layout, new CopyLedger(progress, order.Progress, options));
    }
}
