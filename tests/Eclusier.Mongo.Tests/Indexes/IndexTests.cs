using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Ranges;
using Eclusier.Runbooks;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Indexes;

public sealed class IndexTests(MongoServer server)
{
    private static readonly IndexSettings Members = new("Member", [new IndexKey("conversationId", "1"), new IndexKey("userId", "1")]) { Unique = true };

    [Fact]
    public async Task The_indexes_of_the_source_and_of_the_runbook_are_there_afterwards()
    {
        var (source, target) = (server.NewDatabase().Collection("Member"), server.NewDatabase().Collection("Member"));
        await source.CreateIndexesAsync(
            [
                Doc("""{ "key": { "at": 1 }, "name": "ttl", "expireAfterSeconds": 60 }"""),
                Doc("""{ "key": { "userId": -1 }, "name": "users", "sparse": true, "partialFilterExpression": { "a": { "$exists": true } } }"""),
            ],
            Token);
        var other = new IndexSettings("Other", [new IndexKey("x", "1")]);

        var plan = IndexPlan.Of("Member", await source.ListIndexesAsync(Token), [Members, other]);
        var build = await IndexBuild.RunAsync(target, plan.Specifications, new CopyOptions(), Token);

        Assert.Equal(["ttl", "users", "conversationId_1_userId_1"], build.Created);
        Assert.True(IndexComparison.Of(plan.Specifications, await target.ListIndexesAsync(Token)).Equal);
        Assert.Equal(["conversationId_1_userId_1"], IndexComparison.Of(plan.Specifications, await source.ListIndexesAsync(Token)).Missing);
        Assert.Equal(build.Created, (await IndexBuild.RunAsync(target, plan.Specifications, new CopyOptions(), Token)).Present);
    }

    [Fact]
    public void An_index_that_the_source_has_is_not_asked_for_twice()
    {
        BsonDocument[] source = [Doc("""{ "v": 2, "key": { "conversationId": 1.0, "userId": { "$numberLong": "1" } }, "name": "prisma_name", "unique": true, "background": true }""")];

        var plan = IndexPlan.Of("Member", source, [Members]);

        Assert.Equal("prisma_name", Assert.Single(plan.Specifications)["name"].AsString);
        Assert.Empty(plan.Replaced);
    }

    [Fact]
    public void The_runbook_prevails_over_the_source()
    {
        BsonDocument[] source = [Doc("""{ "v": 2, "key": { "conversationId": 1, "userId": 1 }, "name": "members" }""")];

        var plan = IndexPlan.Of("Member", source, [Members]);

        Assert.Equal("""{"key":{"conversationId":{"$numberInt":"1"},"userId":{"$numberInt":"1"}},"name":"members","unique":true}""", Assert.Single(plan.Specifications).Json());
        Assert.Equal(["members"], plan.Replaced);
    }

    [Fact]
    public void Two_indexes_of_one_name_are_a_conflict()
    {
        BsonDocument[] source = [Doc("""{ "v": 2, "key": { "other": 1 }, "name": "conversationId_1_userId_1" }""")];

        var plan = IndexPlan.Of("Member", source, [Members]);

        Assert.Contains("conversationId_1_userId_1", Assert.Single(plan.Conflicts).Fr);
    }

    [Fact]
    public void A_text_index_is_the_same_as_the_server_lists_it()
    {
        BsonDocument[] source =
        [
            Doc("""{ "v": 2, "key": { "_fts": "text", "_ftsx": 1 }, "name": "title_text", "weights": { "title": 1 }, "default_language": "english", "language_override": "language", "textIndexVersion": 3 }"""),
        ];

        var plan = IndexPlan.Of("c", source, [new IndexSettings("c", [new IndexKey("title", "text")])]);

        Assert.Equal((1, 0, 0), (plan.Specifications.Count, plan.Conflicts.Count, plan.Replaced.Count));
    }

    [Fact]
    public async Task Keys_that_are_not_unique_are_named_with_their_documents_and_the_other_indexes_are_built()
    {
        var collection = server.NewDatabase().Collection("Member");
        await collection.InsertAsync(
            """{ "_id": 1, "conversationId": "a", "userId": 1 }""", """{ "_id": 2, "conversationId": "a", "userId": 2 }""", """{ "_id": 3, "conversationId": "a", "userId": 1 }""", """{ "_id": 4, "conversationId": "b" }""");
        var plan = IndexPlan.Of("Member", [], [Members, new IndexSettings("Member", [new IndexKey("userId", "1")])]);

        var build = await IndexBuild.RunAsync(collection, plan.Specifications, new CopyOptions(), Token);

        var violation = Assert.Single(build.Violations);
        Assert.Equal(("conversationId_1_userId_1", """{"conversationId":"a","userId":{"$numberInt":"1"}}"""), (violation.Index, violation.Key.Json()));
        Assert.Equal([(BsonValue)1, 3], violation.Ids);
        Assert.Equal(["userId_1"], build.Created);
    }
}
