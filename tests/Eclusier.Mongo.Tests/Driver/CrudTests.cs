using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

public sealed class CrudTests(MongoServer server)
{
    [Fact]
    public async Task Every_type_comes_back_byte_for_byte()
    {
        var collection = server.NewDatabase().Collection("all");

        var result = await collection.InsertAsync([EveryType.Document], new WriteOptions(), Token);
        var found = await collection.FindAllAsync();

        Assert.Equal(1, result.Inserted);
        Assert.True(EveryType.Document.Equals(Assert.Single(found)));
    }

    /// <summary>The one exception to "byte for byte" that MongoDB makes.</summary>
    [Fact]
    public async Task An_empty_timestamp_becomes_the_servers_time_unless_it_lies_deeper()
    {
        var collection = server.NewDatabase().Collection("c");
        const string empty = """{ "$timestamp": { "t": 0, "i": 0 } }""";

        await collection.InsertAsync($$"""{ "_id": {{empty}}, "top": {{empty}}, "in": { "deep": {{empty}} } }""");

        var document = (await collection.FindOneAsync(BsonDocument.Empty, Token))!;
        Assert.Equal((0UL, 0UL), (document["_id"].AsTimestamp, document["in"].AsDocument["deep"].AsTimestamp));
        Assert.NotEqual(0UL, document["top"].AsTimestamp);
    }

    [Fact]
    public async Task A_document_without_an_id_gets_one_in_front()
    {
        var collection = server.NewDatabase().Collection("c");

        await collection.InsertAsync("""{ "a": 1 }""");

        var document = Assert.Single(await collection.FindAllAsync());
        Assert.Equal(["_id", "a"], document.Select(element => element.Name));
        Assert.Equal(BsonType.ObjectId, document["_id"].Type);
    }

    [Fact]
    public async Task Writes_of_every_kind_are_counted()
    {
        var collection = server.NewDatabase().Collection("c");
        MongoWrite[] writes =
        [
            new InsertOne(Doc("""{ "_id": 1, "n": 1 }""")),
            new InsertOne(Doc("""{ "_id": 2, "n": 1 }""")),
            new InsertOne(Doc("""{ "_id": 3, "n": 1 }""")),
            new ReplaceOne(Doc("""{ "_id": 1 }"""), Doc("""{ "a.b": 1, "n": 5 }""")),
            new ReplaceOne(Doc("""{ "_id": 9 }"""), Doc("""{ "_id": 9, "n": 9 }"""), Upsert: true),
            new UpdateOne(Doc("""{ "n": 1 }"""), Doc("""{ "$inc": { "n": 1 } }""")),
            new UpdateMany(Doc("{}"), Doc("""{ "$set": { "seen": true } }""")),
            new UpdateMany(Doc("{}"), Doc("""{ "$set": { "seen": true } }""")),
            new DeleteOne(Doc("""{ "_id": 3 }""")),
            new DeleteMany(Doc("""{ "n": { "$gte": 5 } }""")),
        ];

        var result = await collection.WriteAsync(writes, new WriteOptions(), Token);

        Assert.Equal((3, 10, 6, 3, 1), (result.Inserted, result.Matched, result.Modified, result.Deleted, result.Upserted));
        Assert.Equal("""{"_id":{"$numberInt":"2"},"n":{"$numberInt":"2"},"seen":true}""", Assert.Single(await collection.FindAllAsync()).Json());
    }

    [Fact]
    public async Task An_unordered_insert_goes_on_after_a_duplicate_and_says_which()
    {
        var collection = server.NewDatabase().Collection("c");
        var documents = Enumerable.Range(0, 2500).Select(number => BsonDocument.Of(("_id", number % 2000))).ToList();

        var result = await collection.InsertAsync(documents, new WriteOptions(Ordered: false) { BatchCount = 900 }, Token);

        Assert.Equal(2000, result.Inserted);
        Assert.Equal(Enumerable.Range(2000, 500), result.Errors.Select(error => error.Index));
        Assert.All(result.Errors, error => Assert.Equal(11000, error.Code));
        Assert.Equal("""{"_id":{"$numberInt":"0"}}""", result.Errors[0].Document["keyValue"].AsDocument.Json());
    }

    [Fact]
    public async Task An_ordered_insert_stops_at_a_duplicate()
    {
        var collection = server.NewDatabase().Collection("c");

        var result = await collection.InsertAsync("""{ "_id": 1 }""", """{ "_id": { "$numberDouble": "1.0" } }""", """{ "_id": 2 }""");

        Assert.Equal(1, result.Inserted);
        Assert.Equal(1, Assert.Single(result.Errors).Index);
        Assert.Equal(1, await collection.CountAsync(BsonDocument.Empty, Token));
    }

    [Fact]
    public async Task Documents_of_sixteen_megabytes_are_written_and_read()
    {
        var collection = server.NewDatabase().Collection("large");
        const int overhead = 4 + 9 + 1 + 2 + 4 + 1 + 1;
        BsonDocument Large(int id, int size) => BsonDocument.Of(("_id", id), ("t", new string((char)('a' + id), size - overhead)));
        var documents = Enumerable.Range(0, 5).Select(id => Large(id, BsonDocument.LargestSize)).ToList();
        Assert.Equal(BsonDocument.LargestSize, documents[0].Size);

        var result = await collection.InsertAsync(documents, new WriteOptions { BatchBytes = int.MaxValue }, Token);

        Assert.Equal(5, result.Inserted);
        var read = await collection.FindAllAsync();
        Assert.True(documents.SequenceEqual(read));
        var refused = await collection.InsertAsync([Large(6, BsonDocument.LargestSize + 1)], new WriteOptions(), Token);
        Assert.Contains("too large", Assert.Single(refused.Errors).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Batches_are_bounded_by_count_and_by_bytes()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Enumerable.Range(0, 1000).Select(id => BsonDocument.Of(("_id", id), ("t", new string('x', 1000)))), new WriteOptions(), Token);

        var sizes = new List<int>();
        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 300 }, Token))
            sizes.Add(batch.Count);
        Assert.Equal([300, 300, 300, 100], sizes);

        sizes.Clear();
        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { BatchBytes = 10_000 }, Token))
            sizes.Add(batch.Count);
        Assert.Equal(100, sizes.Count);
    }

    [Fact]
    public async Task Documents_are_sorted_skipped_limited_and_projected()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Enumerable.Range(0, 20).Select(id => BsonDocument.Of(("_id", id), ("n", id % 3), ("t", "x"))), new WriteOptions(), Token);

        var found = await collection.FindAllAsync("""{ "_id": { "$gt": 4 } }""", new FindOptions
        {
            Sort = Doc("""{ "n": -1, "_id": 1 }"""),
            Skip = 1,
            Limit = 3,
            Projection = Doc("""{ "n": 1 }"""),
        });

        Assert.Equal(
            ["""{"_id":{"$numberInt":"8"},"n":{"$numberInt":"2"}}""", """{"_id":{"$numberInt":"11"},"n":{"$numberInt":"2"}}""", """{"_id":{"$numberInt":"14"},"n":{"$numberInt":"2"}}"""],
            found.Select(document => document.Json()));
    }

    [Fact]
    public async Task Counts_are_exact_and_estimated()
    {
        var collection = server.NewDatabase().Collection("c");
        Assert.Equal(0, await collection.CountAsync(BsonDocument.Empty, Token));
        await collection.InsertAsync("""{ "a": 1 }""", """{ "a": 1 }""", """{ "a": 2 }""");

        Assert.Equal(2, await collection.CountAsync(Doc("""{ "a": 1 }"""), Token));
        Assert.Equal(3, await collection.EstimatedCountAsync(Token));
        Assert.Equal(3, (await collection.StatsAsync(Token))["count"].ToInt64());
    }

    [Fact]
    public async Task A_cursor_that_is_left_early_is_killed_on_the_server()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions(), Token);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync(Enumerable.Range(0, 1000).Select(id => BsonDocument.Of(("_id", id))), new WriteOptions(), Token);

        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 10 }, Token))
        {
            Assert.Equal(10, batch.Count);
            Assert.Equal(1, sandbox.OpenCursors);
            break;
        }

        Assert.Equal(0, sandbox.OpenCursors);
    }

    [Fact]
    public async Task A_reader_who_cancels_stops_between_batches_and_leaves_no_cursor()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("test"), new MongoClientOptions(), Token);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync(Enumerable.Range(0, 1000).Select(id => BsonDocument.Of(("_id", id))), new WriteOptions(), Token);
        using var cancel = new CancellationTokenSource();
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { BatchSize = 10 }, cancel.Token))
            {
                read += batch.Count;
                await cancel.CancelAsync();
            }
        });

        Assert.Equal(10, read);
        Assert.Equal(0, sandbox.OpenCursors);
    }

    [Fact]
    public async Task A_pool_that_is_used_up_is_not_waited_for_for_ever()
    {
        using var release = new ManualResetEventSlim();
        var arrived = new TaskCompletionSource();
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Faults = new InjectedFaults { CloseWhen = Stays } });
        var url = new DatabaseUrl($"{sandbox.UrlOf("test").Reveal()}&maxPoolSize=1&waitQueueTimeoutMS=100");
        await using var client = await MongoClient.ConnectAsync(url, new MongoClientOptions(), Token);
        var collection = client.Collection("test", "c");
        await collection.InsertAsync("{}", "{}");

        var first = collection.EstimatedCountAsync(Token);
        await arrived.Task;
        var error = await Assert.ThrowsAsync<MongoException>(() => collection.EstimatedCountAsync(Token));
        release.Set();

        Assert.Equal(MongoErrorDomain.Client, error.Domain);
        Assert.Equal(2, await first);

        bool Stays(BsonDocument command, CommandMoment moment)
        {
            if (moment == CommandMoment.Before && !command.Get("count").IsMissing)
            {
                arrived.TrySetResult();
                release.Wait();
            }
            return false;
        }
    }

    public static TheoryData<string> Unruly => new()
    {
        // { _id: 1, a: 1, a: 2 }
        "1C000000 105F69640001000000 10610001000000 10610002000000 00",
        // { _id: 1, "a.b": 1, "$c": 2, "": null }
        "21000000 105F69640001000000 10612E620001000000 1024630002000000 0A00 00",
        // { _id: 1, t: "\xe9" }
        "17000000 105F69640001000000 027400 02000000 E900 00",
        // { _id: "\xe9" }
        "10000000 025F696400 02000000 E900 00",
        // { _id: 1, "\xe9": true }
        "12000000 105F69640001000000 08E90001 00",
    };

    [Theory]
    [MemberData(nameof(Unruly))]
    public async Task What_a_driver_would_not_write_goes_through_unchanged(string hex)
    {
        var collection = server.NewDatabase().Collection("c");
        var document = new BsonDocument(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        var result = await collection.InsertAsync([document], new WriteOptions(), Token);
        var again = await collection.InsertAsync([document], new WriteOptions(), Token);

        Assert.Equal(1, result.Inserted);
        Assert.Equal(11000, Assert.Single(again.Errors).Code);
        Assert.Equal(document, Assert.Single(await collection.FindAllAsync()));
        Assert.Equal(1, (await collection.WriteAsync([new ReplaceOne(BsonDocument.Of(("_id", document["_id"])), document)], new WriteOptions(), Token)).Matched);
    }

    [Fact]
    public async Task More_levels_than_a_driver_writes_by_itself_go_through()
    {
        var collection = server.NewDatabase().Collection("c");
        var deep = BsonDocument.Empty;
        for (var level = 0; level < 170; level++)
            deep = BsonDocument.Of(("d", deep));
        var document = BsonDocument.Of(("_id", 1), ("d", deep));

        await collection.InsertAsync([document], new WriteOptions(), Token);

        Assert.Equal(document, Assert.Single(await collection.FindAllAsync()));
    }

    [Fact]
    public async Task An_update_that_would_replace_the_document_is_refused()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync("""{ "_id": 1, "a": 1 }""");

        var error = await Assert.ThrowsAsync<MongoException>(() => collection.WriteAsync([new UpdateOne(Doc("""{ "_id": 1 }"""), Doc("""{ "b": 1 }"""))], new WriteOptions(), Token));

        Assert.Contains("b", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await collection.FindOneAsync(BsonDocument.Empty, Token))!["a"].AsInt32);
    }
}
