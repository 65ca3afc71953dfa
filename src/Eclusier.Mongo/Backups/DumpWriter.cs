using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Eclusier.Files;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Backups;

/// <summary>Writes the two files of a collection. Thread-safe.</summary>
internal sealed class DumpWriter
{
    private readonly string _folder;
    private readonly string _database;
    private readonly CopyOptions _options;

    public DumpWriter(string folder, string database, CopyOptions options)
    {
        (_folder, _database, _options) = (folder, DumpNames.Escape(database), options);
        OwnerOnly.CreateFolder(folder);
        OwnerOnly.CreateFolder(System.IO.Path.Combine(folder, _database));
    }

    /// <param name="description">What <c>listCollections</c> says.</param>
    public async Task<DumpedCollection> WriteAsync(MongoCollection collection, BsonDocument description, CancellationToken cancellationToken)
    {
        var (name, layout) = (collection.Namespace.Collection, new CollectionLayout(description, [new IdRange(default, default)]));
        var indexes = layout.Type == "view" ? [] : await TransientRetry.RunAsync(() => collection.ListIndexesAsync(cancellationToken), _options, cancellationToken);
        var json = DumpMetadata.Write(name, layout, indexes);
        var metadata = await WriteFileAsync($"{DumpNames.Escape(name)}.metadata.json.gz", async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(json), cancellationToken));
        if (layout.Type == "view")
            return new DumpedCollection(name, layout.Type, ContentHash.None, metadata, null);
        var content = ContentHash.None;
        var documents = await WriteFileAsync($"{DumpNames.Escape(name)}.bson.gz", async stream =>
        {
            await foreach (var batch in new RangeReader(collection, layout, layout.Ranges[0], _options) { ReuseMemory = true }.ReadAsync(BsonDocument.Empty, cancellationToken))
            {
                content += ContentHash.Of(batch);
                foreach (var document in batch)
                    await stream.WriteAsync(document.Bytes, cancellationToken);
            }
        });
        return new DumpedCollection(name, layout.Type, content, metadata, documents);
    }

    private async Task<DumpedFile> WriteFileAsync(string name, Func<Stream, Task> write)
    {
        var path = System.IO.Path.Combine(_folder, _database, name);
        File.Delete(path);
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File, BufferSize = 1 << 16 };
        using var sha256 = SHA256.Create();
        await using (var file = new FileStream(path, creation))
        {
            await using (var hashing = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
            await using (var gzip = new GZipStream(hashing, CompressionLevel.Fastest))
                await write(gzip);
            file.Flush(flushToDisk: true);
        }
        return new DumpedFile($"{_database}/{name}", new FileInfo(path).Length, Convert.ToHexStringLower(sha256.Hash!));
    }
}
