using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Backups;

/// <summary>Restores one collection after the other.</summary>
internal sealed class CollectionRestore(MongoDatabase target, string folder, CopyOptions options)
{
    public async Task<(RestoredCollection Result, IReadOnlyList<Text> Differences)> RunAsync(DumpedCollection dumped, CancellationToken cancellationToken)
    {
        var metadata = DumpMetadata.Read(await DumpReader.TextAsync(folder, dumped.Metadata, cancellationToken));
        var collection = target.Collection(dumped.Name);
        await CollectionCreation.RunAsync(collection, metadata.Options, options, cancellationToken);
        if (dumped.Documents is not { } file)
            return (new RestoredCollection(dumped.Name, dumped.Type, ContentHash.None, ContentHash.None, 0), []);
        var (read, expected, counts) = await InsertAsync(collection, metadata, file, cancellationToken);
        var plan = IndexPlan.Of(dumped.Name, metadata.Indexes, []);
        var build = await IndexBuild.RunAsync(collection, plan.Specifications, options, cancellationToken);
        var stored = await ContentHash.OfAsync(collection, options, cancellationToken);
        var indexes = await TransientRetry.RunAsync(() => collection.ListIndexesAsync(cancellationToken), options, cancellationToken);
        var result = new RestoredCollection(dumped.Name, dumped.Type, expected, stored, indexes.Count) { EmptyTimestamps = counts.EmptyTimestamps };
        return (result, [.. Differences(dumped, read, result, build, IndexComparison.Of(metadata.Indexes, indexes))]);
    }

    private async Task<(ContentHash Read, ContentHash Expected, TransformCounts Counts)> InsertAsync(
        MongoCollection collection, DumpMetadata metadata, DumpedFile file, CancellationToken cancellationToken)
    {
        var writer = new CopyWriter(collection, !metadata.Options.Get("validator").IsMissing, options);
        var (read, expected, counts) = (ContentHash.None, ContentHash.None, TransformCounts.None);
        await foreach (var batch in DumpReader.DocumentsAsync(folder, file, options, cancellationToken))
        {
            var written = await writer.WriteAsync(batch, cancellationToken);
            var hash = ContentHash.Of(batch);
            read += hash;
            expected += written.Counts.EmptyTimestamps.Count == 0 ? hash : ContentHash.Of(written.Documents);
            counts = counts.Plus(written.Counts, options.LargestList);
        }
        return (read, expected, counts);
    }

    private static IEnumerable<Text> Differences(DumpedCollection dumped, ContentHash read, RestoredCollection restored, IndexBuild build, IndexComparison indexes)
    {
        if (read != dumped.Content)
            yield return new Text($"{dumped.Name}: the file holds other documents than were dumped.", $"{dumped.Name} : le fichier contient d'autres documents que ceux qui ont été sauvegardés.");
        if (restored.Stored.Count != dumped.Content.Count)
            yield return new Text($"{dumped.Name}: {restored.Stored.Count} of {English.Count(dumped.Content.Count, "document")}.", $"{dumped.Name} : {French.Count(restored.Stored.Count, "document")} sur {dumped.Content.Count}.");
        else if (restored.Stored != restored.Expected)
            yield return new Text($"{dumped.Name}: documents differ.", $"{dumped.Name} : des documents diffèrent.");
        foreach (var violation in build.Violations)
            yield return new Text($"{dumped.Name}: the index {violation.Index} could not be built: {violation.Key}", $"{dumped.Name} : l'index {violation.Index} n'a pas pu être créé : {violation.Key}");
        if (!indexes.Equal && build.Violations.Count == 0)
            yield return new Text($"{dumped.Name}: indexes differ.", $"{dumped.Name} : des index diffèrent.");
    }
}
