using System.Text.RegularExpressions;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

/// <summary>What the manual says of each stage; runs against a real server as well.</summary>
public sealed partial class AggregationTests(MongoServer server)
{
    private static readonly string[] Orders =
    [
        """{ "_id": 1, "who": "a", "price": 10, "tags": ["x", "y"], "at": { "city": "Lyon" } }""",
        """{ "_id": 2, "who": "b", "price": 2.5, "tags": [] }""",
        """{ "_id": 3, "who": "a", "price": { "$numberLong": "5" }, "tags": ["y"], "at": { "city": "Metz" } }""",
        """{ "_id": 4, "who": null }""",
    ];

    [Theory]
    [InlineData("""[ { "$match": { "who": "a" } }, { "$project": { "price": 1 } } ]""",
        """{"_id":1,"price":10} {"_id":3,"price":5}""")]
    [InlineData("""[ { "$group": { "_id": "$who", "n": { "$sum": 1 }, "sum": { "$sum": "$price" }, "avg": { "$avg": "$price" }, "min": { "$min": "$price" }, "max": { "$max": "$price" } } }, { "$sort": { "_id": 1 } } ]""",
        """{"_id":null,"n":1,"sum":0,"avg":null,"min":null,"max":null} {"_id":"a","n":2,"sum":15,"avg":7.5,"min":5,"max":10} {"_id":"b","n":1,"sum":2.5,"avg":2.5,"min":2.5,"max":2.5}""")]
    [InlineData("""[ { "$sort": { "_id": 1 } }, { "$group": { "_id": null, "first": { "$first": "$who" }, "last": { "$last": "$who" }, "all": { "$push": "$_id" }, "set": { "$addToSet": "$who" }, "n": { "$count": {} } } } ]""",
        """{"_id":null,"first":"a","last":null,"all":[1,2,3,4],"set":["a","b",null],"n":4}""")]
    [InlineData("""[ { "$unwind": "$tags" }, { "$project": { "tags": 1 } } ]""",
        """{"_id":1,"tags":"x"} {"_id":1,"tags":"y"} {"_id":3,"tags":"y"}""")]
    [InlineData("""[ { "$unwind": { "path": "$tags", "preserveNullAndEmptyArrays": true, "includeArrayIndex": "i" } }, { "$project": { "tags": 1, "i": 1 } } ]""",
        """{"_id":1,"tags":"x","i":0} {"_id":1,"tags":"y","i":1} {"_id":2,"i":null} {"_id":3,"tags":"y","i":0} {"_id":4,"i":null}""")]
    [InlineData("""[ { "$lookup": { "from": "people", "localField": "who", "foreignField": "name", "as": "person" } }, { "$project": { "person": "$person.age" } } ]""",
        """{"_id":1,"person":[30]} {"_id":2,"person":[]} {"_id":3,"person":[30]} {"_id":4,"person":[99]}""")]
    [InlineData("""[ { "$addFields": { "at.country": "FR", "double": { "$multiply": [ "$price", 2 ] } } }, { "$match": { "_id": 1 } }, { "$unset": [ "tags", "who" ] } ]""",
        """{"_id":1,"price":10,"at":{"city":"Lyon","country":"FR"},"double":20}""")]
    [InlineData("""[ { "$skip": 1 }, { "$limit": 2 }, { "$count": "n" } ]""", """{"n":2}""")]
    [InlineData("""[ { "$match": { "_id": 99 } }, { "$count": "n" } ]""", "")]
    [InlineData("""[ { "$match": { "at": { "$exists": true } } }, { "$replaceRoot": { "newRoot": { "$mergeObjects": [ { "id": "$_id" }, "$at" ] } } } ]""",
        """{"id":1,"city":"Lyon"} {"id":3,"city":"Metz"}""")]
    [InlineData("""[ { "$sample": { "size": 10 } }, { "$count": "n" } ]""", """{"n":4}""")]
    [InlineData("""[ { "$sortByCount": "$who" }, { "$limit": 1 } ]""", """{"_id":"a","count":2}""")]
    [InlineData("""[ { "$match": { "_id": 1 } }, { "$project": { "_id": 0, "a": { "$cond": [ { "$in": [ "x", "$tags" ] }, "yes", "no" ] }, "b": { "$ifNull": [ "$nowhere", "else" ] }, "c": { "$concat": [ "$who", "-", "$at.city" ] }, "d": { "$size": "$tags" }, "e": { "$toString": "$price" }, "f": { "$map": { "input": "$tags", "as": "t", "in": { "$toUpper": "$$t" } } }, "g": { "$arrayElemAt": [ "$tags", -1 ] }, "h": { "$objectToArray": "$at" }, "i": "$$REMOVE", "j": { "$let": { "vars": { "p": "$price" }, "in": { "$subtract": [ "$$p", 1 ] } } } } } ]""",
        """{"a":"yes","b":"else","c":"a-Lyon","d":2,"e":"10","f":["X","Y"],"g":"y","h":[{"k":"city","v":"Lyon"}],"j":9}""")]
    [InlineData("""[ { "$match": { "_id": 1 } }, { "$project": { "_id": 0, "a": { "$filter": { "input": "$tags", "cond": { "$ne": [ "$$this", "x" ] } } }, "b": { "$reduce": { "input": "$tags", "initialValue": "", "in": { "$concat": [ "$$value", "$$this" ] } } }, "c": { "$switch": { "branches": [ { "case": { "$gt": [ "$price", 5 ] }, "then": "dear" } ], "default": "cheap" } }, "d": { "$replaceAll": { "input": "$at.city", "find": "o", "replacement": "0" } }, "e": { "$split": [ "a,b", "," ] }, "f": { "$divide": [ "$price", 4 ] }, "g": { "$mod": [ "$price", 3 ] }, "h": { "$type": "$nowhere" }, "i": { "$literal": "$who" }, "k": { "$arrayToObject": [ [ [ "a", 1 ] ] ] } } } ]""",
        """{"a":["y"],"b":"xy","c":"dear","d":"Ly0n","e":["a","b"],"f":2.5,"g":1,"h":"missing","i":"$who","k":{"a":1}}""")]
    public async Task A_pipeline_makes(string pipeline, string expected)
    {
        var database = server.NewDatabase();
        await database.Collection("c").InsertAsync(Orders);
        await database.Collection("people").InsertAsync("""{ "_id": 1, "name": "a", "age": 30 }""", """{ "_id": 2, "age": 99 }""");

        var made = await database.Collection("c").AggregateAsync(Stages(pipeline), new AggregateOptions(), Token).AllAsync();

        Assert.Equal(expected, string.Join(' ', made.Select(Relaxed)));
    }

    [Theory]
    [InlineData("""[ { "$nonsense": 1 } ]""", 40324)]
    [InlineData("""[ { "$project": { "a": { "$nonsense": 1 } } } ]""", 168)]
    [InlineData("""[ { "$project": { "a": 1, "b": 0 } } ]""", 31254)]
    public async Task A_wrong_pipeline_is_refused(string pipeline, int code)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Orders);

        var error = await Assert.ThrowsAsync<MongoException>(() => collection.AggregateAsync(Stages(pipeline), new AggregateOptions(), Token).AllAsync());

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task Out_replaces_and_merge_joins()
    {
        var database = server.NewDatabase();
        var target = database.Collection("target");
        await database.Collection("c").InsertAsync(Orders);
        await target.InsertAsync("""{ "_id": 1, "old": true }""", """{ "_id": 9 }""");

        await database.Collection("c").AggregateAsync(Stages("""[ { "$project": { "who": 1 } }, { "$merge": { "into": "target" } } ]"""), new AggregateOptions(), Token).AllAsync();
        var merged = await target.FindAllAsync(options: new FindOptions { Sort = Doc("""{ "_id": 1 }""") });
        await database.Collection("c").AggregateAsync(Stages("""[ { "$match": { "who": "b" } }, { "$out": "target" } ]"""), new AggregateOptions(), Token).AllAsync();

        Assert.Equal(5, merged.Count);
        Assert.Equal("""{"_id":1,"old":true,"who":"a"}""", Relaxed(merged[0]));
        Assert.Equal(2, Assert.Single(await target.FindAllAsync())["_id"].AsInt32);
    }

    [Fact]
    public async Task A_view_is_read_through_its_pipeline()
    {
        var database = server.NewDatabase();
        await database.Collection("c").InsertAsync(Orders);
        await database.CreateCollectionAsync("v", Doc("""{ "viewOn": "c", "pipeline": [ { "$match": { "who": "a" } } ] }"""), Token);

        var found = await database.Collection("v").FindAllAsync("""{ "_id": { "$gt": 1 } }""");
        var refused = await Assert.ThrowsAsync<MongoException>(() => database.Collection("v").InsertAsync("{}"));

        Assert.Equal(3, Assert.Single(found)["_id"].AsInt32);
        Assert.Equal(166, refused.Code);
        Assert.Contains("view", (await database.ListCollectionsAsync(Token)).Select(collection => collection["type"].AsString));
    }

    private static IEnumerable<BsonDocument> Stages(string json) => Doc($$"""{ "p": {{json}} }""")["p"].AsDocument.Values().Select(stage => stage.AsDocument);

    /// <summary>Numbers without their types.</summary>
    private static string Relaxed(BsonDocument document) => NumberTypes().Replace(document.Json(), "${number}");

    [GeneratedRegex("""\{"\$number\w+":"(?<number>[^"]+?)(\.0)?"\}""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberTypes();
}
