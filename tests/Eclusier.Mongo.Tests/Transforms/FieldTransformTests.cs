using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;
using Eclusier.Runbooks;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Transforms;

public sealed class FieldTransformTests(MongoServer server)
{
    [Theory]
    [InlineData("""{"url":"https://staging.meeshy.me/a"}""", """{"url":"https://meeshy.me/a"}""", 1)]
    [InlineData("""{"url":["staging.meeshy.me","x",["staging.meeshy.me"]]}""", """{"url":["meeshy.me","x",["meeshy.me"]]}""", 2)]
    [InlineData("""{"in":[{"url":"staging.meeshy.me staging.meeshy.me"},{"url":null},"staging.meeshy.me"]}""", """{"in":[{"url":"meeshy.me meeshy.me"},{"url":null},"staging.meeshy.me"]}""", 1)]
    public async Task Text_is_replaced_in_the_fields_named_and_nowhere_else(string before, string after, int values)
    {
        var result = await ApplyAsync(before, new Replace("c", ["url", "in.url"], "staging.meeshy.me", "meeshy.me"));

        Assert.Equal((after, 1, values), (result.Document.Json(), result.Report.Changed, result.Report.Values));
    }

    [Fact]
    public async Task A_field_is_renamed_with_its_value()
    {
        var result = await ApplyAsync("""{"a":{"$numberLong":"1"},"b":{"c":true},"d":1.5}""", new Rename("c", new Dictionary<string, string> { ["a"] = "x", ["b.c"] = "b.y", ["none"] = "z" }));

        Assert.Equal("""{"b":{"y":true},"d":{"$numberDouble":"1.5"},"x":{"$numberLong":"1"}}""", result.Document.Json());
        Assert.Equal(2, result.Report.Values);
    }

    [Fact]
    public async Task Fields_are_set_with_the_types_of_the_runbook()
    {
        var fields = new Dictionary<string, Constant>
        {
            ["text"] = new("x"),
            ["int"] = new(1L),
            ["long"] = new(5_000_000_000),
            ["double"] = new(1.0),
            ["flag"] = new(true),
            ["none"] = new(null),
            ["in.side"] = new("y"),
        };

        var result = await ApplyAsync("""{"text":"old"}""", new Set("c", fields));

        Assert.Equal(
            """{"text":"x","int":{"$numberInt":"1"},"long":{"$numberLong":"5000000000"},"double":{"$numberDouble":"1.0"},"flag":true,"none":null,"in":{"side":"y"}}""", result.Document.Json());
    }

    [Fact]
    public async Task Fields_are_removed()
    {
        var result = await ApplyAsync("""{"a":1,"b":{"c":1,"d":2},"e":[{"f":1}]}""", new Unset("c", ["a", "b.c", "e.f", "none"]));

        Assert.Equal("""{"b":{"d":{"$numberInt":"2"}},"e":[{"f":{"$numberInt":"1"}}]}""", result.Document.Json());
        Assert.Equal(2, result.Report.Values);
    }

    [Fact]
    public async Task Every_other_value_keeps_its_bytes()
    {
        var before = EveryType.Document;
        var result = await ApplyAsync(before, new Set("c", new Dictionary<string, Constant> { ["array of none"] = new("x") }), new Replace("c", ["string"], "héron", "cygne"));

        foreach (var (name, value) in before.Where(element => element.Name != "string"))
            Assert.Equal(value, result.Document[name]);
        Assert.Equal(before.Select(element => element.Name).Append("array of none"), result.Document.Select(element => element.Name));
    }

    [Fact]
    public async Task A_document_that_nothing_touches_is_the_same_object()
    {
        var before = EveryType.Document;

        var result = await ApplyAsync(before, new Replace("c", ["string", "document.a", "array"], "absent", "x"), new Unset("c", ["none.at.all", "double.x"]), new Set("other", new Dictionary<string, Constant>()));

        Assert.Same(before, result.Document);
        Assert.Equal(0, result.Report.Changed);
    }

    [Fact]
    public async Task A_filter_copies_what_it_lets_through()
    {
        var database = server.NewDatabase();
        await database.Collection("c").InsertAsync("""{ "_id": 1, "a": 1 }""", """{ "_id": 2, "a": 2 }""", """{ "_id": 3, "a": 3 }""");
        Transform[] all = [new Filter("c", """{ "a": { "$gt": 1 } }"""), new Filter("c", """{ "a": { "$ne": 3 } }""")];

        var transforms = await DocumentTransforms.PrepareAsync(database, "c", all, new CopyOptions(), Token);
        var result = await CollectionCopy.RunAsync(new CopyOrder(database.Collection("c"), database.Collection("copy")) { Transforms = transforms }, new CopyOptions(), Token);

        Assert.True(result.IsVerified);
        Assert.Equal(2, Assert.Single(await database.Collection("copy").FindAllAsync())["_id"].AsInt32);
    }

    [Theory]
    [InlineData("_id")]
    [InlineData("_id.a")]
    [InlineData("a..b")]
    [InlineData("$a")]
    [InlineData("")]
    public async Task Paths_that_cannot_be_are_refused_before_anything_is_read(string path)
    {
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => ApplyAsync("{}", new Unset("c", [path])));

        Assert.IsType<InvalidInputException>(error);
    }

    private Task<(BsonDocument Document, TransformReport Report)> ApplyAsync(string document, params Transform[] all) => ApplyAsync(Doc(document), all);

    private async Task<(BsonDocument Document, TransformReport Report)> ApplyAsync(BsonDocument document, params Transform[] all)
    {
        var transforms = await DocumentTransforms.PrepareAsync(server.NewDatabase(), "c", all, new CopyOptions(), Token);
        var batch = await transforms.ApplyAsync([document], Token);
        return (batch.Documents[0], transforms.Report(batch.Counts)[0]);
    }
}
