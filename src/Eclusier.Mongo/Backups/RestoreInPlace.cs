using System.Security.Cryptography;
using System.Text;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Backups;

/// <summary>
/// Puts a backup back. It is restored beside the database and proved, then copied into it under other names and proved again; only then each collection takes its place, by one rename.
/// Collections that the backup does not have go. Views stay as they are.
/// </summary>
internal sealed class RestoreInPlace(MongoClient client, MongoDatabase database, CopyOptions options)
{
    /// <summary>The same each time: what a restore that was killed has left is found again.</summary>
    private readonly string _mark = $"restore_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database.Name)))[..8]}";

    /// <exception cref="RefusedException">It could not be restored, and everything is as it was.</exception>
    public async Task<bool> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var beside = client.Database($"eclusier_{_mark}");
        try
        {
            await CleanAsync(beside);
            var restored = await DumpFolder.RestoreAsync(client, beside.Name, folder, options, cancellationToken);
            var names = restored.Collections.Where(collection => collection is { Type: not "view", Name: not OwnCollections.State }).Select(collection => collection.Name).ToList();
            foreach (var name in names)
                await PrepareAsync(beside.Collection(name), Shadow(name), cancellationToken);
            foreach (var name in names)
                await client.RenameAsync(Shadow(name), new MongoNamespace(database.Name, name), dropTarget: true, CancellationToken.None);
            foreach (var extra in (await MongoCatalog.CollectionsAsync(database, cancellationToken)).Where(found => found is { IsView: false, Name: not OwnCollections.State } && !names.Contains(found.Name)))
                await database.Collection(extra.Name).DropAsync(CancellationToken.None);
            return true;
        }
        finally
        {
            await CleanAsync(beside);
        }
    }

    /// <summary>What was renamed has its name; these are copies that did not come so far.</summary>
    private async Task CleanAsync(MongoDatabase beside)
    {
        await beside.DropAsync(CancellationToken.None);
        foreach (var left in (await MongoCatalog.CollectionsAsync(database, CancellationToken.None)).Where(found => found.Name.EndsWith($"__eclusier_{_mark}", StringComparison.Ordinal)))
            await database.Collection(left.Name).DropAsync(CancellationToken.None);
    }

    private async Task PrepareAsync(MongoCollection from, MongoNamespace shadow, CancellationToken cancellationToken)
    {
        var copy = client.Collection(shadow);
        var result = await CollectionCopy.RunAsync(new CopyOrder(from, copy), options, cancellationToken);
        var indexes = (await from.ListIndexesAsync(cancellationToken)).Where(index => index["name"].AsString != "_id_").ToList();
        await IndexBuild.RunAsync(copy, indexes, options, cancellationToken);
        if (!result.IsVerified)
        {
            throw new RefusedException(
                new Text($"{from.Namespace.Collection} could not be put back, and everything is as it was.", $"{from.Namespace.Collection} n'a pas pu être remise, et tout est comme avant."),
                database.Name, new Text("See who else writes to that database, then run the same command again.", "Voyez qui d'autre écrit dans cette base, puis relancez la même commande."));
        }
    }

    private MongoNamespace Shadow(string name) => new(database.Name, $"{name}__eclusier_{_mark}");
}
