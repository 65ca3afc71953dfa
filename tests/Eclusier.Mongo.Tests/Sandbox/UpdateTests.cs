using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

/// <summary>What the manual says of each operator; runs against a real server as well.</summary>
public sealed class UpdateTests(MongoServer server)
{
    private const string Start = """{ "_id": 1, "n": 1, "l": { "$numberLong": "1" }, "f": 1.5, "d": { "x": 1 }, "a": [3, 1, 2], "o": [ { "k": 1 }, { "k": 2 } ] }""";

    [Theory]
    [InlineData("""{ "$set": { "n": "x" } }""", "n", "\"x\"")]
    [InlineData("""{ "$set": { "d.y.z": true } }""", "d", """{"x":{"$numberInt":"1"},"y":{"z":true}}""")]
    [InlineData("""{ "$set": { "a.1": 9 } }""", "a", """[{"$numberInt":"3"},{"$numberInt":"9"},{"$numberInt":"2"}]""")]
    [InlineData("""{ "$set": { "a.4": 9 } }""", "a", """[{"$numberInt":"3"},{"$numberInt":"1"},{"$numberInt":"2"},null,{"$numberInt":"9"}]""")]
    [InlineData("""{ "$set": { "o.$[].s": 1 } }""", "o", """[{"k":{"$numberInt":"1"},"s":{"$numberInt":"1"}},{"k":{"$numberInt":"2"},"s":{"$numberInt":"1"}}]""")]
    [InlineData("""{ "$unset": { "d.x": "", "nowhere.at.all": "", "n.x": "" } }""", "d", "{}")]
    [InlineData("""{ "$unset": { "a.0": "" } }""", "a", """[null,{"$numberInt":"1"},{"$numberInt":"2"}]""")]
    [InlineData("""{ "$inc": { "n": 2 } }""", "n", """{"$numberInt":"3"}""")]
    [InlineData("""{ "$inc": { "n": 2147483647 } }""", "n", """{"$numberLong":"2147483648"}""")]
    [InlineData("""{ "$inc": { "n": 0.5 } }""", "n", """{"$numberDouble":"1.5"}""")]
    [InlineData("""{ "$inc": { "n": { "$numberDecimal": "0.10" } } }""", "n", """{"$numberDecimal":"1.10"}""")]
    [InlineData("""{ "$inc": { "new": 5 } }""", "new", """{"$numberInt":"5"}""")]
    [InlineData("""{ "$mul": { "l": 3 } }""", "l", """{"$numberLong":"3"}""")]
    [InlineData("""{ "$mul": { "new": 5 } }""", "new", """{"$numberInt":"0"}""")]
    [InlineData("""{ "$min": { "n": 0 }, "$max": { "f": 1 } }""", "n", """{"$numberInt":"0"}""")]
    [InlineData("""{ "$max": { "n": "text is more" } }""", "n", "\"text is more\"")]
    [InlineData("""{ "$push": { "a": 1 } }""", "a", """[{"$numberInt":"3"},{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"1"}]""")]
    [InlineData("""{ "$push": { "new": [1] } }""", "new", """[[{"$numberInt":"1"}]]""")]
    [InlineData("""{ "$push": { "a": { "$each": [0, 9], "$sort": -1, "$slice": 2 } } }""", "a", """[{"$numberInt":"9"},{"$numberInt":"3"}]""")]
    [InlineData("""{ "$push": { "a": { "$each": [7], "$position": 0 } } }""", "a", """[{"$numberInt":"7"},{"$numberInt":"3"},{"$numberInt":"1"},{"$numberInt":"2"}]""")]
    [InlineData("""{ "$addToSet": { "a": { "$each": [1.0, 5] } } }""", "a", """[{"$numberInt":"3"},{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"5"}]""")]
    [InlineData("""{ "$pull": { "a": { "$gte": 2 } } }""", "a", """[{"$numberInt":"1"}]""")]
    [InlineData("""{ "$pull": { "o": { "k": 1 } } }""", "o", """[{"k":{"$numberInt":"2"}}]""")]
    [InlineData("""{ "$pullAll": { "a": [1, 3] } }""", "a", """[{"$numberInt":"2"}]""")]
    [InlineData("""{ "$pop": { "a": -1 } }""", "a", """[{"$numberInt":"1"},{"$numberInt":"2"}]""")]
    [InlineData("""{ "$rename": { "n": "d.n" } }""", "d", """{"x":{"$numberInt":"1"},"n":{"$numberInt":"1"}}""")]
    [InlineData("""{ "$setOnInsert": { "n": 5 } }""", "n", """{"$numberInt":"1"}""")]
    [InlineData("""{ "0": { "$set": { "n": { "$add": [ "$n", "$d.x" ] } } } }""", "n", """{"$numberInt":"2"}""")]
    public async Task An_update_makes(string update, string field, string expected)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Start);

        var result = await collection.WriteAsync([new UpdateOne(Doc("""{ "_id": 1 }"""), Doc(update))], new WriteOptions(), Token);

        Assert.Empty(result.Errors);
        Assert.Equal(1, result.Matched);
        var changed = (await collection.FindOneAsync(BsonDocument.Empty, Token))!;
        Assert.Equal(expected, System.Text.Json.Nodes.JsonNode.Parse(BsonDocument.Of(("v", changed[field])).Json())!["v"]!.ToJsonString());
        Assert.Equal("_id", changed.First().Name);
    }

    [Theory]
    [InlineData("""{ "$set": { "_id": 2 } }""", 66)]
    [InlineData("""{ "_id": 2, "n": 1 }""", 66)]
    [InlineData("""{ "$set": { "n": 1 }, "$inc": { "n": 1 } }""", 40)]
    [InlineData("""{ "$set": { "d": 1, "d.x": 1 } }""", 40)]
    [InlineData("""{ "$set": { "n.x": 1 } }""", 28)]
    [InlineData("""{ "$set": { "a.x": 1 } }""", 28)]
    [InlineData("""{ "$inc": { "n": "1" } }""", 14)]
    [InlineData("""{ "$inc": { "d": 1 } }""", 14)]
    [InlineData("""{ "$push": { "n": 1 } }""", 2)]
    [InlineData("""{ "$nonsense": { "n": 1 } }""", 9)]
    public async Task A_wrong_update_is_refused_and_changes_nothing(string update, int code)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Start);
        var write = update.Contains('$') ? (MongoWrite)new UpdateOne(BsonDocument.Empty, Doc(update)) : new ReplaceOne(BsonDocument.Empty, Doc(update));

        var result = await collection.WriteAsync([write], new WriteOptions(), Token);

        Assert.Equal(code, Assert.Single(result.Errors).Code);
        Assert.True(Doc(Start).Equals(await collection.FindOneAsync(BsonDocument.Empty, Token)));
    }

    [Theory]
    [InlineData("""{ "_id": 7, "a.b": 1, "c": { "$gt": 1 }, "$and": [ { "e": { "$eq": 2 } } ] }""", """{ "$set": { "n": 1 }, "$setOnInsert": { "s": 1 } }""",
        """{"_id":{"$numberInt":"7"},"a":{"b":{"$numberInt":"1"}},"e":{"$numberInt":"2"},"n":{"$numberInt":"1"},"s":{"$numberInt":"1"}}""")]
    [InlineData("""{ "_id": 7, "a": 1 }""", """{ "n": 1 }""", """{"_id":{"$numberInt":"7"},"n":{"$numberInt":"1"}}""")]
    public async Task An_upsert_inserts_what_the_query_asks_for(string query, string update, string expected)
    {
        var collection = server.NewDatabase().Collection("c");
        var write = update.Contains('$') ? (MongoWrite)new UpdateOne(Doc(query), Doc(update), Upsert: true) : new ReplaceOne(Doc(query), Doc(update), Upsert: true);

        var result = await collection.WriteAsync([write], new WriteOptions(), Token);

        Assert.Equal((1, 0), (result.Upserted, result.Matched));
        Assert.Equal(expected, (await collection.FindOneAsync(BsonDocument.Empty, Token))!.Json());
    }

    [Fact]
    public async Task Find_and_modify_returns_the_document_before_or_after()
    {
        var database = server.NewDatabase();
        await database.Collection("c").InsertAsync("""{ "_id": 1, "n": 1 }""", """{ "_id": 2, "n": 5 }""");

        async Task<BsonDocument> ModifyAsync(string rest) =>
            await database.RunCommandAsync(new BsonWriter().Add("findAndModify", "c").AddAll(Doc(rest)).ToDocument(), Token);

        var before = await ModifyAsync("""{ "sort": { "n": -1 }, "update": { "$inc": { "n": 1 } } }""");
        var after = await ModifyAsync("""{ "query": { "_id": 2 }, "update": { "$inc": { "n": 1 } }, "new": true, "fields": { "_id": 0 } }""");
        var inserted = await ModifyAsync("""{ "query": { "_id": 3 }, "update": { "n": 0 }, "upsert": true }""");
        var removed = await ModifyAsync("""{ "query": { "_id": 1 }, "remove": true }""");

        Assert.Equal("""{"_id":{"$numberInt":"2"},"n":{"$numberInt":"5"}}""", before["value"].AsDocument.Json());
        Assert.Equal("""{"n":{"$numberInt":"7"}}""", after["value"].AsDocument.Json());
        Assert.Equal((BsonType.Null, 3), (inserted["value"].Type, inserted["lastErrorObject"].AsDocument["upserted"].ToInt64()));
        Assert.Equal("""{"_id":{"$numberInt":"1"},"n":{"$numberInt":"1"}}""", removed["value"].AsDocument.Json());
    }

    [Fact]
    public async Task An_update_that_breaks_a_unique_index_changes_nothing()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync("""{ "_id": 1, "a": [1, 2] }""", """{ "_id": 2, "a": [3] }""");
        await collection.CreateIndexesAsync([Doc("""{ "key": { "a": 1 }, "name": "a_1", "unique": true }""")], Token);

        var refused = await collection.WriteAsync([new UpdateOne(Doc("""{ "_id": 2 }"""), Doc("""{ "$push": { "a": 2 } }"""))], new WriteOptions(), Token);
        var allowed = await collection.WriteAsync(
            [new UpdateOne(Doc("""{ "_id": 1 }"""), Doc("""{ "$pull": { "a": 2 } }""")), new UpdateOne(Doc("""{ "_id": 2 }"""), Doc("""{ "$push": { "a": 2 } }"""))],
            new WriteOptions(),
            Token);

        Assert.Equal(11000, Assert.Single(refused.Errors).Code);
        Assert.Equal(2, allowed.Modified);
    }
}
