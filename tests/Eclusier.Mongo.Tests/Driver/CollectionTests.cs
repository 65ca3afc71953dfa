using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Driver;

public sealed class CollectionTests(MongoServer server)
{
    [Fact]
    public async Task Collections_are_created_with_options_listed_and_dropped()
    {
        var database = server.NewDatabase();
        await database.CreateCollectionAsync("strict", Doc("""{ "validator": { "a": { "$exists": true } }, "validationLevel": "moderate" }"""), Token);
        await database.Collection("plain").InsertAsync("{}");

        var listed = (await database.ListCollectionsAsync(Token)).OrderBy(collection => collection["name"].AsString, StringComparer.Ordinal).ToList();

        Assert.Equal(["plain", "strict"], listed.Select(collection => collection["name"].AsString));
        Assert.Equal("""{"a":{"$exists":true}}""", listed[1]["options"].AsDocument["validator"].AsDocument.Json());
        Assert.Contains(database.Name, await server.Client.ListDatabasesAsync(Token));
        Assert.True(await database.Collection("plain").DropAsync(Token));
        var error = await Assert.ThrowsAsync<MongoException>(() => database.CreateCollectionAsync("strict", Doc("""{ "capped": true, "size": 5 }"""), Token));
        Assert.Equal(48, error.Code);
        await database.DropAsync(Token);
        Assert.Empty(await database.ListCollectionsAsync(Token));
    }

    [Fact]
    public async Task A_rename_takes_the_place_of_its_target_across_databases()
    {
        var (from, to) = (server.NewDatabase().Collection("a"), server.NewDatabase().Collection("b"));
        await from.InsertAsync("""{ "_id": 1 }""");
        await to.InsertAsync("""{ "_id": 2 }""");
        await from.CreateIndexesAsync([Doc("""{ "key": { "n": 1 }, "name": "n_1" }""")], Token);

        var error = await Assert.ThrowsAsync<MongoException>(() => server.Client.RenameAsync(from.Namespace, to.Namespace, dropTarget: false, Token));
        Assert.Equal((48, "NamespaceExists"), (error.Code, error.CodeName));
        await server.Client.RenameAsync(from.Namespace, to.Namespace, dropTarget: true, Token);

        Assert.Equal("""{"_id":{"$numberInt":"1"}}""", Assert.Single(await to.FindAllAsync()).Json());
        Assert.Equal(2, (await to.ListIndexesAsync(Token)).Count);
        Assert.Empty(await from.FindAllAsync());
    }

    [Fact]
    public async Task During_a_rename_nobody_sees_the_name_without_a_collection()
    {
        var database = server.NewDatabase();
        var live = database.Collection("live");
        await live.InsertAsync("""{ "_id": 0 }""");
        using var done = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            var seen = 0;
            for (; !done.IsCancellationRequested; seen++)
                Assert.Single(await live.FindAllAsync());
            return seen;
        });

        for (var version = 1; version <= 50; version++)
        {
            var next = database.Collection("next");
            await next.InsertAsync([BsonDocument.Of(("_id", version))], new WriteOptions(), Token);
            await server.Client.RenameAsync(next.Namespace, live.Namespace, dropTarget: true, Token);
        }
        await done.CancelAsync();

        Assert.True(await reading > 0);
        Assert.Equal(50, (await live.FindOneAsync(BsonDocument.Empty, Token))!["_id"].AsInt32);
    }

    [Fact]
    public async Task Indexes_are_built_once_listed_enforced_and_dropped()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync("""{ "a": 1 }""", """{ "a": 2 }""");
        var index = Doc("""{ "key": { "a": 1, "b": -1 }, "name": "a_1_b_-1", "unique": true, "partialFilterExpression": { "a": { "$gt": 0 } } }""");

        var first = await collection.CreateIndexesAsync([index], Token);
        var again = await collection.CreateIndexesAsync([index], Token);
        var listed = await collection.ListIndexesAsync(Token);
        var refused = await collection.InsertAsync("""{ "a": 2, "b": null }""");
        var outside = await collection.InsertAsync("""{ "a": 0 }""", """{ "a": 0 }""");
        await collection.DropIndexAsync("a_1_b_-1", Token);

        Assert.Equal((1, 2), (first["numIndexesBefore"].ToInt64(), first["numIndexesAfter"].ToInt64()));
        Assert.Equal("all indexes already exist", again["note"].AsString);
        Assert.Equal(["_id_", "a_1_b_-1"], listed.Select(one => one["name"].AsString));
        Assert.Equal("""{"a":{"$numberInt":"1"},"b":{"$numberInt":"-1"}}""", listed[1]["key"].AsDocument.Json());
        Assert.True(listed[1]["unique"].AsBoolean);
        Assert.Equal("""{"a":{"$numberInt":"2"},"b":null}""", Assert.Single(refused.Errors).Document["keyValue"].AsDocument.Json());
        Assert.Equal(2, outside.Inserted);
        Assert.Single(await collection.ListIndexesAsync(Token));
    }

    [Fact]
    public async Task Indexes_that_contradict_are_refused()
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync("""{ "a": 1 }""", """{ "a": 1 }""");
        await collection.CreateIndexesAsync([Doc("""{ "key": { "b": 1 }, "name": "one" }""")], Token);

        async Task<int> CodeAsync(string index) =>
            (await Assert.ThrowsAsync<MongoException>(() => collection.CreateIndexesAsync([Doc(index)], Token))).Code;

        Assert.Equal(86, await CodeAsync("""{ "key": { "c": 1 }, "name": "one" }"""));
        Assert.Equal(86, await CodeAsync("""{ "key": { "b": 1 }, "name": "one", "unique": true }"""));
        Assert.Equal(85, await CodeAsync("""{ "key": { "b": 1 }, "name": "one", "expireAfterSeconds": 5 }"""));
        Assert.Equal(85, await CodeAsync("""{ "key": { "b": 1.0 }, "name": "two" }"""));
        Assert.Equal(11000, await CodeAsync("""{ "key": { "a": 1 }, "name": "a_1", "unique": true }"""));
        Assert.Equal(27, (await Assert.ThrowsAsync<MongoException>(() => collection.DropIndexAsync("nowhere", Token))).Code);
    }

    [Fact]
    public async Task What_is_not_there_is_no_error()
    {
        var collection = server.NewDatabase().Collection("nowhere");

        Assert.Empty(await collection.FindAllAsync());
        Assert.Empty(await collection.ListIndexesAsync(Token));
        Assert.Null(await collection.FindOneAsync(BsonDocument.Empty, Token));
        Assert.Equal(0, await collection.EstimatedCountAsync(Token));
        await collection.DropAsync(Token);
    }
}
