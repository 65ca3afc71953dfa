using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

public sealed class FaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_replica_set_a_write_whose_answer_was_lost_is_done_once(bool carriedOut)
    {
        await using var sandbox = Start(new InjectedFaults { DropAtCommand = 2, DropAfterCarryingOut = carriedOut }, replicaSet: "rs");
        await using var client = await ConnectAsync(sandbox);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync("""{ "_id": 1, "n": 0 }""");

        var result = await collection.WriteAsync([new UpdateOne(Doc("""{ "_id": 1 }"""), Doc("""{ "$inc": { "n": 1 } }"""))], new WriteOptions(), Token);

        Assert.Equal(1, result.Modified);
        Assert.Equal(1, (await collection.FindOneAsync(BsonDocument.Empty, Token))!["n"].ToInt64());
    }

    [Fact]
    public async Task Alone_a_write_whose_answer_was_lost_is_an_error_that_says_so()
    {
        await using var sandbox = Start(new InjectedFaults { DropAtCommand = 1 });
        await using var client = await ConnectAsync(sandbox);

        var error = await Assert.ThrowsAsync<MongoException>(() => client.Collection("test", "c").InsertAsync("{}"));

        Assert.True(error.IsConnectionLost);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_read_is_asked_again_when_the_connection_breaks()
    {
        await using var sandbox = Start(new InjectedFaults { DropAtCommand = 2 });
        await using var client = await ConnectAsync(sandbox);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync("{}");

        Assert.Single(await collection.FindAllAsync());
    }

    [Fact]
    public async Task A_step_down_is_waited_for_on_a_replica_set()
    {
        await using var sandbox = Start(new InjectedFaults { StepDownAtCommand = 2, StepDownFor = TimeSpan.FromMilliseconds(700) }, replicaSet: "rs");
        await using var client = await ConnectAsync(sandbox);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync("""{ "_id": 1 }""");

        var result = await collection.InsertAsync("""{ "_id": 2 }""");

        Assert.Equal(1, result.Inserted);
        Assert.Equal(2, await collection.CountAsync(BsonDocument.Empty, Token));
    }

    [Fact]
    public async Task A_step_down_has_its_code_and_label()
    {
        await using var sandbox = Start(new InjectedFaults { StepDownAtCommand = 1, StepDownFor = TimeSpan.FromHours(1) });
        await using var client = await ConnectAsync(sandbox);

        var error = await Assert.ThrowsAsync<MongoException>(() => client.RunCommandAsync("test", Doc("""{ "insert": "c", "documents": [ { } ] }"""), Token));

        Assert.Equal((10107, "NotWritablePrimary"), (error.Code, error.CodeName));
        Assert.Contains("RetryableWriteError", error.Labels);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task After_a_lost_cursor_a_reader_can_go_on_where_it_stopped()
    {
        await using var sandbox = Start(new InjectedFaults { LoseCursorAtGetMore = 2 });
        await using var client = await ConnectAsync(sandbox);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync(Enumerable.Range(0, 1000).Select(id => BsonDocument.Of(("_id", id))), new WriteOptions(), Token);

        var read = new List<int>();
        var error = await Assert.ThrowsAsync<MongoException>(() => ReadAsync(collection, read));
        Assert.True(error.IsCursorLost);
        Assert.NotEmpty(read);
        await ReadAsync(collection, read);

        Assert.Equal(Enumerable.Range(0, 1000), read);
    }

    [Fact]
    public async Task An_idle_cursor_is_closed()
    {
        var time = new ManualTime();
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Time = time, CursorTimeout = TimeSpan.FromMinutes(10) });
        await using var client = await ConnectAsync(sandbox);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync(Enumerable.Range(0, 300).Select(id => BsonDocument.Of(("_id", id))), new WriteOptions(), Token);

        async Task<BsonDocument> OpenAsync(string rest) =>
            (await client.RunCommandAsync("test", new BsonWriter().Add("find", "c").AddAll(Doc(rest)).ToDocument(), Token))["cursor"].AsDocument;
        Task<BsonDocument> MoreAsync(BsonDocument cursor) =>
            client.RunCommandAsync("test", BsonDocument.Of(("getMore", cursor["id"]), ("collection", "c"), ("batchSize", 50)), Token);

        var (idle, busy) = (await OpenAsync("""{ "batchSize": 10 }"""), await OpenAsync("""{ "batchSize": 10, "noCursorTimeout": true }"""));
        time.Advance(TimeSpan.FromMinutes(9));
        await MoreAsync(idle);
        time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(43, (await Assert.ThrowsAsync<MongoException>(() => MoreAsync(idle))).Code);
        Assert.Equal(50, (await MoreAsync(busy))["cursor"].AsDocument["nextBatch"].AsDocument.Count);
    }

    private static async Task ReadAsync(MongoCollection collection, List<int> read)
    {
        var beyond = read.Count == 0 ? BsonDocument.Empty : BsonDocument.Of(("_id", BsonDocument.Of(("$gt", read[^1]))));
        var options = new FindOptions { Sort = BsonDocument.Of(("_id", 1)), BatchSize = 100 };
        await foreach (var batch in collection.FindAsync(beyond, options, Token))
            read.AddRange(batch.Select(document => document["_id"].AsInt32));
    }

    private static MongoSandbox Start(InjectedFaults faults, string? replicaSet = null) =>
        MongoSandbox.StartStandIn(new StandInOptions { Faults = faults, ReplicaSet = replicaSet });

    private static Task<MongoClient> ConnectAsync(MongoSandbox sandbox) =>
        MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions(), Token);

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }
}
