using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Collections;

/// <summary>What goes wrong with servers while a copy runs.</summary>
public sealed class CopyFaultTests
{
    private const int Documents = 400;

    private static readonly CopyOptions Options = new()
    {
        DocumentsPerRange = 50,
        BatchCount = 20,
        FirstWait = TimeSpan.FromMilliseconds(10),
        LongestWait = TimeSpan.FromMilliseconds(100),
        RetryFor = TimeSpan.FromSeconds(20),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task A_lost_cursor_is_opened_again_behind_the_last_document(int getMore)
    {
        var faults = new InjectedFaults { LoseCursorAtGetMore = getMore };

        Assert.Equal((true, Documents), await CopyAsync(faults, "rs", Options with { Parallelism = 1, BatchCount = 10 }));
    }

    /// <summary>In the middle of the documents' insertion for the copy, and of its reading.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(40)]
    public async Task A_server_that_is_no_primary_for_a_while_is_waited_for(int command)
    {
        var faults = new InjectedFaults { StepDownAtCommand = command, StepDownFor = TimeSpan.FromMilliseconds(500) };

        Assert.Equal((true, Documents), await CopyAsync(faults, "rs", Options));
    }

    /// <summary>Alone, a server's driver does not send a write again: whether it was carried out is for us to find out.</summary>
    [Theory]
    [InlineData(10, true)]
    [InlineData(10, false)]
    [InlineData(14, true)]
    [InlineData(21, false)]
    [InlineData(22, true)]
    [InlineData(30, true)]
    public async Task A_connection_that_breaks_loses_and_doubles_nothing(int command, bool carriedOut)
    {
        var faults = new InjectedFaults { DropAtCommand = command, DropAfterCarryingOut = carriedOut };

        Assert.Equal((true, Documents), await CopyAsync(faults, null, Options));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_an_error_after_the_time_given()
    {
        var faults = new InjectedFaults { StepDownAtCommand = 12, StepDownFor = TimeSpan.FromHours(1) };
        var started = TimeProvider.System.GetTimestamp();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => CopyAsync(faults, null, Options with { RetryFor = TimeSpan.FromSeconds(1) }));

        Assert.True((error as MongoException ?? (error as AggregateException)?.InnerException as MongoException)?.IsTransient);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    /// <summary>The rename is carried out, and its answer lost: it is not asked for again.</summary>
    [Fact]
    public async Task A_swap_whose_answer_was_lost_is_known_to_be_done()
    {
        for (var command = 1; command <= 60; command++)
        {
            await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Faults = new InjectedFaults { DropAtCommand = command, DropAfterCarryingOut = true } });
            await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions(), Token);
            var (source, live) = (client.Collection("test", "source"), client.Collection("test", "live"));
            if (!await TryFillAsync(source, 3) || !await TryFillAsync(live, 2))
                continue;
            var names = SwapNames.Of(live.Namespace, "run");
            var shadow = await CollectionCopy.RunAsync(new CopyOrder(source, client.Collection(names.Shadow)), Options, Token);
            var swap = new CollectionSwap(client, names, shadow, Options);
            var kept = await swap.KeepAsync(null, Token);

            Assert.True((await swap.SwapAsync(kept, WhenChanged.Stop, Token)).Done);

            Assert.Equal((3, 2), (await CountAsync(live), await CountAsync(client.Collection(names.Kept))));
        }
    }

    private static async Task<(bool IsVerified, long Count)> CopyAsync(InjectedFaults faults, string? replicaSet, CopyOptions options)
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Faults = faults, ReplicaSet = replicaSet });
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions { ServerSelectionTimeout = TimeSpan.FromSeconds(5) }, Token);
        var source = client.Collection("test", "source");
        await source.InsertAsync(Enumerable.Range(0, Documents).Select(id => BsonDocument.Of(("_id", id), ("text", $"text {id}"))), new WriteOptions(), Token);
        var result = await CollectionCopy.RunAsync(new CopyOrder(source, client.Collection("test", "target")), options, Token);
        Assert.Equal(result.Source, result.Verified);
        return (result.IsVerified, result.Verified.Count);
    }

    private static async Task<bool> TryFillAsync(MongoCollection collection, int count)
    {
        try
        {
            await collection.InsertAsync(Enumerable.Range(0, count).Select(id => BsonDocument.Of(("_id", id))), new WriteOptions(), Token);
            return true;
        }
        catch (MongoException)
        {
            return false;
        }
    }

    private static async Task<long> CountAsync(MongoCollection collection) => (await ContentHash.OfAsync(collection, Options, Token)).Count;
}
