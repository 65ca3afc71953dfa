using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

/// <summary>Not at the same time as others, whose memory would be measured, too.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

[Collection<Alone>]
public sealed class MemoryTests
{
    private const int Documents = 1_000_000;
    private const int Round = 50_000;
    private const long Bound = 64L * 1024 * 1024;

    /// <summary>One small object (128 bytes) that stayed for each document would be twice the bound.</summary>
    [Fact]
    public async Task A_million_documents_in_and_out_leave_nothing_behind()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions(), Token);
        var documents = Enumerable.Range(0, Round).Select(id => BsonDocument.Of(("_id", id), ("name", $"name {id}"), ("n", id * 2.5))).ToList();

        for (var warmUp = 0; warmUp < 4; warmUp++)
            await InAndOutAsync(client, documents);
        var before = ResidentBytes();
        for (var done = 0; done < Documents; done += Round)
            await InAndOutAsync(client, documents);
        var grown = ResidentBytes() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"grown by {grown / 1024 / 1024} MB over {before / 1024 / 1024} MB");
        Assert.True(grown < Bound, $"{Documents} documents left {grown} bytes behind");
    }

    private static async Task InAndOutAsync(MongoClient client, List<BsonDocument> documents)
    {
        var collection = client.Collection("test", "c");
        var result = await collection.InsertAsync(documents, new WriteOptions(Ordered: false) { BatchCount = 10_000 }, Token);
        Assert.Equal(documents.Count, result.Inserted);
        var read = 0;
        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 5000 }, Token))
            read += batch.Count;
        Assert.Equal(documents.Count, read);
        await collection.DropAsync(Token);
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
