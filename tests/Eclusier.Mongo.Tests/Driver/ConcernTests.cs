using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

/// <summary>What the connection string asks for, as it comes to the server.</summary>
public sealed class ConcernTests
{
    private readonly List<BsonDocument> _commands = [];

    [Fact]
    public async Task Concerns_go_with_commands_of_their_kind()
    {
        var sent = await SendAsync("w=majority&readConcernLevel=majority", "rs");

        Assert.Equal("""{"w":"majority"}""", sent["insert"]["writeConcern"].AsDocument.Json());
        Assert.Equal("""{"w":"majority"}""", sent["createIndexes"]["writeConcern"].AsDocument.Json());
        Assert.Equal("""{"level":"majority"}""", sent["count"]["readConcern"].AsDocument.Json());
        Assert.Equal("""{"level":"majority"}""", sent["find"]["readConcern"].AsDocument.Json());
        Assert.True(sent["listIndexes"].Get("readConcern").IsMissing);
    }

    [Fact]
    public async Task Without_any_nothing_is_added()
    {
        var sent = await SendAsync("", "rs");

        Assert.All(sent.Values, command => Assert.True(command.Get("writeConcern").IsMissing && command.Get("readConcern").IsMissing));
    }

    /// <summary>By the number, a server knows a write that is sent again; one that stands alone takes none.</summary>
    [Theory]
    [InlineData("", "rs", true)]
    [InlineData("retryWrites=false", "rs", false)]
    [InlineData("w=0", "rs", false)]
    [InlineData("", null, false)]
    public async Task A_write_has_a_number_where_it_can_be_repeated(string options, string? replicaSet, bool hasNumber)
    {
        var sent = await SendAsync(options, replicaSet);

        Assert.Equal(hasNumber, sent["insert"].Get("txnNumber").Type == BsonType.Int64);
        Assert.True(sent["delete"].Get("txnNumber").IsMissing);
        Assert.False(sent["insert"].Get("lsid").IsMissing && hasNumber);
    }

    [Fact]
    public async Task Options_of_a_find_come_to_the_server()
    {
        await SendAsync("", null);

        var find = _commands.Last(command => command.First().Name == "find");
        Assert.Equal(
            """{"find":"c","filter":{"a":{"$numberInt":"1"}},"sort":{"_id":{"$numberInt":"1"}},"hint":{"_id":{"$numberInt":"1"}},"limit":{"$numberInt":"7"},"batchSize":{"$numberInt":"5"},"maxTimeMS":{"$numberInt":"9000"},"max":{"_id":{"$numberInt":"9"}},"min":{"_id":{"$numberInt":"1"}},"noCursorTimeout":true,"allowDiskUse":true}""",
            BsonDocument.Of([.. find.Where(field => field.Name is not ("$db" or "lsid")).Select(field => (field.Name, field.Value))]).Json());
    }

    /// <returns>The last command of each name.</returns>
    private async Task<Dictionary<string, BsonDocument>> SendAsync(string options, string? replicaSet)
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { ReplicaSet = replicaSet, Faults = new InjectedFaults { CloseWhen = Note } });
        await using var client = await MongoClient.ConnectAsync(new DatabaseUrl($"{sandbox.UrlOf("db").Reveal()}&{options}".TrimEnd('&')), new MongoClientOptions(), Token);
        var collection = client.Collection("db", "c");
        await collection.InsertAsync("""{ "a": 1 }""");
        await collection.CreateIndexesAsync([Doc("""{ "key": { "a": 1 }, "name": "a" }""")], Token);
        await collection.ListIndexesAsync(Token);
        Assert.Equal(1, await collection.EstimatedCountAsync(Token));
        var by = Doc("""{ "_id": 1 }""");
        await collection.FindAllAsync("""{ "a": 1 }""", new FindOptions
        {
            Sort = by,
            Hint = by,
            Min = by,
            Max = Doc("""{ "_id": 9 }"""),
            Limit = 7,
            BatchSize = 5,
            MaxTime = TimeSpan.FromSeconds(9),
            NoCursorTimeout = true,
            AllowDiskUse = true,
        });
        await collection.WriteAsync([new DeleteMany(BsonDocument.Empty)], new WriteOptions(), Token);
        return _commands.GroupBy(command => command.First().Name).ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
    }

    private bool Note(BsonDocument command, CommandMoment moment)
    {
        if (moment == CommandMoment.Before && command.First().Name is not ("ping" or "endSessions"))
            _commands.Add(new BsonDocument(command.Bytes.ToArray()));
        return false;
    }
}
