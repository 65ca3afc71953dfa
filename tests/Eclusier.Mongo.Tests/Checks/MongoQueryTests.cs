using System.Collections.Concurrent;
using Eclusier.Engines;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox;

namespace Eclusier.Mongo.Tests.Checks;

public sealed class MongoQueryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ "count": "c", "query": {} }""", "aggregate")]
    [InlineData("""{ "find": "c", "filter": {}, "limit": 5 }""", "find")]
    [InlineData("""{ "aggregate": "c", "pipeline": [ { "$match": {} } ] }""", "aggregate")]
    public async Task Every_question_tells_the_server_how_long_it_may_work_at_it(string query, string command)
    {
        var limits = new ConcurrentDictionary<string, BsonValue>();
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { Faults = new InjectedFaults { CloseWhen = (body, _) => Keep(limits, body) } });
        await using var connection = await MongoConnection.OpenAsync(sandbox.UrlOf("test"), "test", Token);

        await connection.QueryAsync(query, Token);

        Assert.Equal((long)Database.LongestQuery.TotalMilliseconds, limits[command].ToInt64());
    }

    private static bool Keep(ConcurrentDictionary<string, BsonValue> limits, BsonDocument body)
    {
        if (body.Get("maxTimeMS") is { } limit)
            limits[body.First().Name] = limit;
        return false;
    }
}
