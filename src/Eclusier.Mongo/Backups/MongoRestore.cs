using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Backups;

/// <summary>A collection that was restored.</summary>
/// <param name="Expected">Of what the dump's file holds; of documents whose empty timestamps MongoDB filled in, as they are stored.</param>
/// <param name="Stored">Of what the server then held.</param>
/// <param name="Indexes">How many it has, that on <c>_id</c> included.</param>
public sealed record RestoredCollection(string Name, string Type, ContentHash Expected, ContentHash Stored, int Indexes)
{
    /// <inheritdoc cref="CopyResult.EmptyTimestamps"/>
    public DocumentList EmptyTimestamps { get; init; } = DocumentList.None;
}

/// <summary>A database that was restored from a dump.</summary>
/// <param name="Differences">What is not as the dump's record says, in words; none: verified.</param>
public sealed record MongoRestore(string Database, IReadOnlyList<RestoredCollection> Collections, IReadOnlyList<Text> Differences)
{
    public bool IsVerified => Differences.Count == 0;

    /// <summary>Restores documents, options, indexes and views into a database that has none of these collections, and reads all of it again.</summary>
    /// <param name="folder">The dump's.</param>
    /// <param name="dump">What was dumped; its database may have another name than <paramref name="database"/>.</param>
    /// <exception cref="RefusedException">A file is not there or not as it was written, or one of the collections exists already.</exception>
    /// <exception cref="MongoException">The server refuses, or could not be asked for longer than the options allow.</exception>
    public static async Task<MongoRestore> RestoreAsync(
        MongoClient client, string database, string folder, MongoDump dump, CopyOptions options, CancellationToken cancellationToken)
    {
        var target = client.Database(database);
        await RefuseExistingAsync(target, dump, options, cancellationToken);
        foreach (var file in dump.Collections.SelectMany(one => new[] { one.Metadata, one.Documents }).OfType<DumpedFile>())
            await DumpReader.CheckAsync(folder, file, cancellationToken);
        var restorer = new CollectionRestore(target, folder, options);
        var (restored, differences) = (new List<RestoredCollection>(), new List<Text>());
        // Views come last: they are of collections.
        foreach (var collection in dump.Collections.OrderBy(one => one.Type == "view"))
        {
            var (result, found) = await restorer.RunAsync(collection, cancellationToken);
            restored.Add(result);
            differences.AddRange(found);
        }
        return new MongoRestore(database, restored, differences);
    }

    private static async Task RefuseExistingAsync(MongoDatabase target, MongoDump dump, CopyOptions options, CancellationToken cancellationToken)
    {
        var there = await TransientRetry.RunAsync(() => target.ListCollectionsAsync(cancellationToken), options, cancellationToken);
        if (dump.Collections.FirstOrDefault(one => there.Any(other => other["name"].AsString == one.Name)) is not { } existing)
            return;
        throw new RefusedException(
            new Text($"The database {target.Name} already has a collection {existing.Name}; a backup is restored beside it, never over it.",
                $"La base {target.Name} a déjà une collection {existing.Name} ; une sauvegarde se restaure à côté, jamais par-dessus."),
            $"{target.Name}.{existing.Name}",
            new Text("Restore into a new database.", "Restaurez dans une nouvelle base."));
    }
}
