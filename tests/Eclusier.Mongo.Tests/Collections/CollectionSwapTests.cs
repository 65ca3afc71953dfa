using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Collections;

public sealed class CollectionSwapTests(MongoServer server)
{
    private static readonly CopyOptions Options = new() { DocumentsPerRange = 100, BatchCount = 50 };

    [Fact]
    public async Task The_shadow_takes_the_place_and_the_way_back_brings_all_of_the_old_one()
    {
        var (live, swap, shadow) = await PrepareAsync(old: 300, @new: 500);
        await live.CreateIndexesAsync([Doc("""{ "key": { "n": 1 }, "name": "n_1", "unique": true }""")], Token);
        var before = await ContentHash.OfAsync(live, Options, Token);

        var kept = await swap.KeepAsync(null, Token);
        Assert.True(kept.IsVerified);
        var swapped = await swap.SwapAsync(kept, WhenChanged.Stop, Token);

        Assert.Equal((true, true), (swapped.Done, swapped.IsUnchanged));
        Assert.Equal(shadow.Verified, await ContentHash.OfAsync(live, Options, Token));
        Assert.Equal(SwapState.Swapped, await swap.StateAsync(Token, kept));
        Assert.True((await swap.SwapAsync(kept, WhenChanged.Stop, Token)).Done);

        Assert.True((await swap.RollBackAsync(kept, WhenChanged.Stop, Token)).Done);
        Assert.Equal(before, await ContentHash.OfAsync(live, Options, Token));
        Assert.Equal(["_id_", "n_1"], (await live.ListIndexesAsync(Token)).Select(index => index["name"].AsString));
        Assert.Equal(SwapState.RolledBack, await swap.StateAsync(Token, kept));
        Assert.True((await swap.RollBackAsync(kept, WhenChanged.Stop, Token)).Done);
    }

    [Fact]
    public async Task Somebody_who_wrote_since_stops_the_swap()
    {
        var (live, swap, _) = await PrepareAsync(old: 100, @new: 100);
        var kept = await swap.KeepAsync(null, Token);
        await live.InsertAsync("""{ "_id": "late" }""");

        var stopped = await swap.SwapAsync(kept, WhenChanged.Stop, Token);

        Assert.Equal((false, 101, 100), (stopped.Done, stopped.Found.Count, stopped.Expected.Count));
        Assert.NotNull(await live.FindOneAsync(Doc("""{ "_id": "late" }"""), Token));
        kept = await swap.KeepAsync(null, Token);
        Assert.Equal(101, kept.Copy!.Verified.Count);
        await live.WriteAsync([new DeleteOne(Doc("""{ "_id": 5 }"""))], new WriteOptions(), Token);
        kept = await swap.KeepAsync(null, Token);
        Assert.Equal((100, true), (kept.Copy!.Verified.Count, kept.IsVerified));
        Assert.True((await swap.SwapAsync(kept, WhenChanged.Stop, Token)).Done);
    }

    [Fact]
    public async Task Somebody_who_wrote_since_stops_the_way_back()
    {
        var (live, swap, _) = await PrepareAsync(old: 100, @new: 100);
        var kept = await swap.KeepAsync(null, Token);
        await swap.SwapAsync(kept, WhenChanged.Stop, Token);
        await live.InsertAsync("""{ "_id": "late" }""");

        Assert.False((await swap.RollBackAsync(kept, WhenChanged.Stop, Token)).Done);
        Assert.True((await swap.RollBackAsync(kept, WhenChanged.GoOn, Token)).Done);
    }

    [Fact]
    public async Task Where_there_was_no_collection_the_way_back_leaves_none()
    {
        var (live, swap, shadow) = await PrepareAsync(old: null, @new: 100);
        var kept = await swap.KeepAsync(null, Token);

        Assert.True((await swap.SwapAsync(kept, WhenChanged.Stop, Token)).Done);
        Assert.Equal(shadow.Verified, await ContentHash.OfAsync(live, Options, Token));
        Assert.True((await swap.RollBackAsync(kept, WhenChanged.Stop, Token)).Done);

        Assert.DoesNotContain(await live.Database.ListCollectionsAsync(Token), one => one["name"].AsString == live.Namespace.Collection);
        Assert.Equal(SwapState.RolledBack, await swap.StateAsync(Token, kept));
    }

    [Fact]
    public async Task What_was_kept_is_not_overwritten_after_the_swap()
    {
        var (_, swap, _) = await PrepareAsync(old: 100, @new: 100);
        await swap.SwapAsync(await swap.KeepAsync(null, Token), WhenChanged.Stop, Token);

        await Assert.ThrowsAnyAsync<EclusierException>(() => swap.KeepAsync(null, Token));
    }

    /// <summary>The old collection has 300 documents of one generation, the new one 500 of another: anything else is a gap.</summary>
    [Fact]
    public async Task A_reader_never_sees_a_missing_or_partial_collection()
    {
        var database = server.NewDatabase();
        var (source, live) = (database.Collection("source"), database.Collection("live"));
        await source.InsertAsync(Generation(2, 500), new WriteOptions(), Token);
        await live.InsertAsync(Generation(1, 300), new WriteOptions(), Token);
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAsync(live, done.Token), Token);

        var names = SwapNames.Of(live.Namespace, "run");
        var shadow = await CollectionCopy.RunAsync(new CopyOrder(source, server.Client.Collection(names.Shadow)), Options, Token);
        var swap = new CollectionSwap(server.Client, names, shadow, Options);
        for (var round = 0; round < 5; round++)
        {
            var kept = await swap.KeepAsync(null, Token);
            await swap.SwapAsync(kept, WhenChanged.Stop, Token);
            await swap.RollBackAsync(kept, WhenChanged.Stop, Token);
            shadow = await CollectionCopy.RunAsync(new CopyOrder(source, server.Client.Collection(names.Shadow)), Options, Token);
            swap = new CollectionSwap(server.Client, names, shadow, Options);
        }
        await done.CancelAsync();

        var seen = await reading;
        Assert.True(seen.Count > 10);
        Assert.All(seen, one => Assert.Contains(one, new[] { (1, 300), (2, 500) }));
    }

    /// <summary>Each reading is one command, which sees one collection.</summary>
    private static async Task<List<(int Generation, int Count)>> ReadAsync(MongoCollection live, CancellationToken done)
    {
        var seen = new List<(int, int)>();
        while (!done.IsCancellationRequested)
        {
            BsonDocument[] pipeline = [Doc("""{ "$group": { "_id": "$generation", "n": { "$sum": 1 } } }""")];
            var groups = await live.AggregateAsync(pipeline, new AggregateOptions(), Token).AllAsync();
            seen.Add(groups.Count == 1 ? (groups[0]["_id"].AsInt32, (int)groups[0]["n"].ToInt64()) : (0, groups.Count));
            var documents = await live.FindAllAsync(options: new FindOptions { BatchSize = 10_000 });
            // The first answer holds up to 101 documents or all of the batch asked for: one command either way.
            seen.Add((documents[0]["generation"].AsInt32, documents.Count));
        }
        return seen;
    }

    private static IEnumerable<BsonDocument> Generation(int generation, int count) =>
        Enumerable.Range(0, count).Select(id => BsonDocument.Of(("_id", id), ("n", id), ("generation", generation)));

    private async Task<(MongoCollection Live, CollectionSwap Swap, CopyResult Shadow)> PrepareAsync(int? old, int @new)
    {
        var database = server.NewDatabase();
        var (source, live) = (database.Collection("source"), database.Collection("live"));
        await source.InsertAsync(Generation(2, @new), new WriteOptions(), Token);
        if (old is { } count)
            await live.InsertAsync(Generation(1, count), new WriteOptions(), Token);
        var names = SwapNames.Of(live.Namespace, "run");
        var shadow = await CollectionCopy.RunAsync(new CopyOrder(source, server.Client.Collection(names.Shadow)), Options, Token);
        return (live, new CollectionSwap(server.Client, names, shadow, Options), shadow);
    }
}
