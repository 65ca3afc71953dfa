using System.IO.Compression;
using Eclusier.Files;
using Eclusier.Mongo.Backups;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Backups;

public sealed class DumpAndRestoreTests(MongoServer server)
{
    private static readonly CopyOptions Options = new() { DocumentsPerRange = 100, BatchCount = 70 };

    [Fact]
    public async Task What_was_dumped_comes_back_with_options_indexes_and_views()
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (server.NewDatabase(), server.NewDatabase());
        await FillAsync(source);

        var dump = await MongoDump.WriteAsync(server.Client, source.Name, folder.Path, Options, Token);
        var restore = await MongoRestore.RestoreAsync(server.Client, target.Name, folder.Path, dump, Options, Token);

        Assert.Empty(restore.Differences);
        Assert.Equal(["every type", "numbers", "of numbers", "slash/and %"], dump.Collections.Select(one => one.Name));
        Assert.Equal(500, dump.Collections[1].Content.Count);
        Assert.Equal(EveryType.Document, await target.Collection("every type").FindOneAsync(BsonDocument.Empty, Token));
        Assert.True(IndexComparison(await source.Collection("numbers").ListIndexesAsync(Token), await target.Collection("numbers").ListIndexesAsync(Token)));
        Assert.Equal(await OptionsAsync(source), await OptionsAsync(target));
        Assert.Equal(10, (await target.Collection("of numbers").FindAllAsync()).Count);
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_files_and_their_checksums_are_those_of_the_disk()
    {
        using var folder = new TemporaryFolder();
        var source = server.NewDatabase();
        await FillAsync(source);

        var dump = await MongoDump.WriteAsync(server.Client, source.Name, folder.Path, Options, Token);

        var files = dump.Collections.SelectMany(one => new[] { one.Metadata, one.Documents }).OfType<DumpedFile>().ToList();
        Assert.Contains(files, file => file.Path == $"{source.Name}/slash%2Fand%20%25.bson.gz");
        Assert.Equal(files.Count, Directory.GetFiles(Path.Combine(folder.Path, source.Name)).Length);
        foreach (var file in files)
        {
            var path = Path.Combine(folder.Path, file.Path);
            Assert.Equal(OwnerOnly.File, File.GetUnixFileMode(path));
            Assert.Equal((file.Bytes, file.Sha256), (new FileInfo(path).Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(path, Token)))));
        }
    }

    [Fact]
    public async Task The_metadata_is_what_mongodump_writes()
    {
        using var folder = new TemporaryFolder();
        var source = server.NewDatabase();
        await source.CreateCollectionAsync("c", Doc("""{ "capped": true, "size": 4096 }"""), Token);

        var dump = await MongoDump.WriteAsync(server.Client, source.Name, folder.Path, Options, Token);

        await using var gzip = new GZipStream(File.OpenRead(Path.Combine(folder.Path, dump.Collections[0].Metadata.Path)), CompressionMode.Decompress);
        var metadata = Doc(await new StreamReader(gzip).ReadToEndAsync(Token));
        Assert.Equal(["options", "indexes", "uuid", "collectionName", "type"], metadata.Select(field => field.Name));
        Assert.Equal((32, "c", "collection"), (metadata["uuid"].AsString.Length, metadata["collectionName"].AsString, metadata["type"].AsString));
    }

    [Fact]
    public async Task A_damaged_or_missing_file_is_found_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (server.NewDatabase(), server.NewDatabase());
        await FillAsync(source);
        var dump = await MongoDump.WriteAsync(server.Client, source.Name, folder.Path, Options, Token);
        var path = Path.Combine(folder.Path, dump.Collections[1].Documents!.Path);
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        var damaged = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoRestore.RestoreAsync(server.Client, target.Name, folder.Path, dump, Options, Token));
        File.Delete(path);
        var missing = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoRestore.RestoreAsync(server.Client, target.Name, folder.Path, dump, Options, Token));

        Assert.Equal((path, path), (damaged.Where, missing.Where));
        Assert.Empty(await target.ListCollectionsAsync(Token));
    }

    [Fact]
    public async Task Nothing_is_restored_over_a_collection_that_is_there()
    {
        using var folder = new TemporaryFolder();
        var source = server.NewDatabase();
        await FillAsync(source);
        var dump = await MongoDump.WriteAsync(server.Client, source.Name, folder.Path, Options, Token);

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => MongoRestore.RestoreAsync(server.Client, source.Name, folder.Path, dump, Options, Token));

        Assert.IsType<RefusedException>(error);
    }

    private static bool IndexComparison(IReadOnlyList<BsonDocument> left, IReadOnlyList<BsonDocument> right) => Mongo.Indexes.IndexComparison.Of(left, right).Equal;

    private static async Task<List<string>> OptionsAsync(MongoDatabase database) =>
        [.. (await database.ListCollectionsAsync(Token)).Select(one => $"{one["name"]} {one["type"]} {one["options"]}")];

    private static async Task FillAsync(MongoDatabase database)
    {
        await database.CreateCollectionAsync("every type", Doc("""{ "validator": { "$expr": { "$eq": [ 1, 1 ] } } }"""), Token);
        await database.Collection("every type").InsertAsync([EveryType.Document], new WriteOptions(), Token);
        await database.Collection("numbers").InsertAsync(Enumerable.Range(0, 500).Select(n => BsonDocument.Of(("_id", n), ("n", n * 0.5))), new WriteOptions(), Token);
        await database.Collection("numbers").CreateIndexesAsync([Doc("""{ "key": { "n": -1 }, "name": "n_-1", "unique": true, "partialFilterExpression": { "n": { "$type": "double" } } }""")], Token);
        await database.CreateCollectionAsync("of numbers", Doc("""{ "viewOn": "numbers", "pipeline": [ { "$limit": 10 } ] }"""), Token);
        await database.Collection("slash/and %").InsertAsync("""{ "_id": 1 }""");
    }
}
