using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

/// <summary>What the manual says of each operator; runs against a real server as well.</summary>
public sealed class FilterTests(MongoServer server)
{
    private static readonly string[] Documents =
    [
        """{ "_id": 1, "n": 1, "t": "abc", "a": [1, 2, 3], "d": { "x": 1, "y": "p" }, "date": { "$date": "1969-07-20T20:17:40Z" } }""",
        """{ "_id": 2, "n": { "$numberLong": "2" }, "t": "ABC", "a": [ { "x": 1, "y": 1 }, { "x": 2, "y": 2 } ], "d": { "x": null } }""",
        """{ "_id": 3, "n": 2.5, "t": "xyz", "a": [], "d": null, "date": { "$date": "2024-01-01T00:00:00Z" } }""",
        """{ "_id": 4, "n": null, "t": 5, "a": [ [1, 2], 7 ], "d": [ { "x": 1 }, { "y": 1 } ] }""",
        """{ "_id": 5, "n": "2", "a": 2, "d": { "x": [ 1, 9 ] } }""",
        """{ "_id": 6, "n": { "$numberDouble": "NaN" }, "t": "a.c\nb", "min": { "$minKey": 1 } }""",
    ];

    [Theory]
    [InlineData("{}", "1 2 3 4 5 6")]
    [InlineData("""{ "_id": 3 }""", "3")]
    [InlineData("""{ "_id": 3.0, "n": 2.5 }""", "3")]
    [InlineData("""{ "_id": 3, "n": 1 }""", "")]
    [InlineData("""{ "n": 2 }""", "2")]
    [InlineData("""{ "n": { "$eq": "2" } }""", "5")]
    [InlineData("""{ "n": { "$gt": 1 } }""", "2 3")]
    [InlineData("""{ "n": { "$gte": 1, "$lt": 2.5 } }""", "1 2")]
    [InlineData("""{ "n": { "$lte": { "$numberDouble": "NaN" } } }""", "6")]
    [InlineData("""{ "n": { "$lt": { "$maxKey": 1 } } }""", "1 2 3 4 5 6")]
    [InlineData("""{ "n": null }""", "4")]
    [InlineData("""{ "t": null }""", "5")]
    [InlineData("""{ "n": { "$ne": null } }""", "1 2 3 5 6")]
    [InlineData("""{ "n": { "$in": [ 1, "2", null ] } }""", "1 4 5")]
    [InlineData("""{ "t": { "$in": [ { "$regularExpression": { "pattern": "^a", "options": "" } }, 5 ] } }""", "1 4 6")]
    [InlineData("""{ "t": { "$nin": [ "abc", null ] } }""", "2 3 4 6")]
    [InlineData("""{ "t": { "$exists": false } }""", "5")]
    [InlineData("""{ "d.x": { "$exists": true } }""", "1 2 4 5")]
    [InlineData("""{ "n": { "$type": "number" } }""", "1 2 3 6")]
    [InlineData("""{ "n": { "$type": [ "long", "string" ] } }""", "2 5")]
    [InlineData("""{ "a": { "$type": "array" } }""", "1 2 3 4")]
    [InlineData("""{ "a": { "$type": 16 } }""", "1 4 5")]
    [InlineData("""{ "t": { "$regularExpression": { "pattern": "^abc$", "options": "i" } } }""", "1 2")]
    [InlineData("""{ "t": { "$regex": "C", "$options": "i" } }""", "1 2 6")]
    [InlineData("""{ "t": { "$not": { "$regex": "a" } } }""", "2 3 4 5")]
    [InlineData("""{ "a": 2 }""", "1 5")]
    [InlineData("""{ "a": [1, 2] }""", "4")]
    [InlineData("""{ "a": [1, 2, 3] }""", "1")]
    [InlineData("""{ "a": { "$size": 2 } }""", "2 4")]
    [InlineData("""{ "a": { "$size": 0 } }""", "3")]
    [InlineData("""{ "a": { "$all": [1, 3] } }""", "1")]
    [InlineData("""{ "a": { "$all": [ { "$elemMatch": { "x": 1 } }, { "$elemMatch": { "y": 2 } } ] } }""", "2")]
    [InlineData("""{ "a": { "$elemMatch": { "x": 1, "y": 1 } } }""", "2")]
    [InlineData("""{ "a": { "$elemMatch": { "x": 1, "y": 2 } } }""", "")]
    [InlineData("""{ "a.x": 1, "a.y": 2 }""", "2")]
    [InlineData("""{ "a": { "$elemMatch": { "$gt": 2, "$lt": 8 } } }""", "1 4")]
    [InlineData("""{ "a": { "$gt": 2, "$lt": 2 } }""", "1")]
    [InlineData("""{ "a.0": 1 }""", "1 4")]
    [InlineData("""{ "a.1.y": 2 }""", "2")]
    [InlineData("""{ "d.x": 1 }""", "1 4 5")]
    [InlineData("""{ "d.x": null }""", "2 3 4 6")]
    [InlineData("""{ "d": { "x": 1, "y": "p" } }""", "1")]
    [InlineData("""{ "d": { "y": "p", "x": 1 } }""", "")]
    [InlineData("""{ "date": { "$lt": { "$date": "1970-01-01T00:00:00Z" } } }""", "1")]
    [InlineData("""{ "min": { "$type": -1 } }""", "6")]
    [InlineData("""{ "n": { "$mod": [2, 0] } }""", "2 3")]
    [InlineData("""{ "$or": [ { "n": 1 }, { "t": "xyz" } ] }""", "1 3")]
    [InlineData("""{ "$and": [ { "_id": { "$gt": 1 } }, { "_id": { "$lt": 4 } } ], "n": 2 }""", "2")]
    [InlineData("""{ "$nor": [ { "n": 1 }, { "t": "xyz" } ] }""", "2 4 5 6")]
    [InlineData("""{ "$expr": { "$gt": [ "$_id", { "$multiply": [ 2, 2 ] } ] } }""", "5 6")]
    [InlineData("""{ "$expr": { "$eq": [ { "$type": "$n" }, "string" ] } }""", "5")]
    public async Task A_filter_finds(string filter, string expected)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Documents);

        var found = await collection.FindAllAsync(filter, new FindOptions { Sort = Doc("""{ "_id": 1 }""") });

        Assert.Equal(expected, string.Join(' ', found.Select(document => document["_id"].ToInt64())));
        Assert.Equal(found.Count, await collection.CountAsync(Doc(filter), Token));
    }

    [Theory]
    [InlineData("""{ "a": 1 }""", "3 6 1 5 4 2")]
    [InlineData("""{ "a": -1 }""", "4 2 1 5 6 3")]
    [InlineData("""{ "n": 1 }""", "4 6 1 2 3 5")]
    [InlineData("""{ "t": -1, "_id": -1 }""", "3 1 6 2 4 5")]
    public async Task Values_of_all_types_are_sorted(string sort, string expected)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Documents);

        var found = await collection.FindAllAsync("{}", new FindOptions { Sort = Doc(sort) });

        Assert.Equal(expected, string.Join(' ', found.Select(document => document["_id"].ToInt64())));
    }

    [Theory]
    [InlineData("""{ "t": 1 }""", """{"_id":{"$numberInt":"1"},"t":"abc"}""")]
    [InlineData("""{ "t": 1, "_id": 0 }""", """{"t":"abc"}""")]
    [InlineData("""{ "a": 0, "d": 0, "date": 0 }""", """{"_id":{"$numberInt":"1"},"n":{"$numberInt":"1"},"t":"abc"}""")]
    [InlineData("""{ "d.y": 1 }""", """{"_id":{"$numberInt":"1"},"d":{"y":"p"}}""")]
    [InlineData("""{ "d": { "y": 1 }, "_id": 0 }""", """{"d":{"y":"p"}}""")]
    [InlineData("""{ "t": 1, "m": { "$add": [ "$n", 1 ] } }""", """{"_id":{"$numberInt":"1"},"t":"abc","m":{"$numberInt":"2"}}""")]
    [InlineData("""{ "_id": 0, "a": { "$elemMatch": { "$gt": 1 } } }""", """{"a":[{"$numberInt":"2"}]}""")]
    public async Task Fields_are_chosen(string projection, string expected)
    {
        var collection = server.NewDatabase().Collection("c");
        await collection.InsertAsync(Documents);

        var found = await collection.FindAllAsync("""{ "_id": 1 }""", new FindOptions { Projection = Doc(projection) });

        Assert.Equal(expected, Assert.Single(found).Json());
    }

    [Theory]
    [InlineData("a", "", "1 2 3 7")]
    [InlineData("d.x", "", "1 9")]
    [InlineData("n", """{ "_id": { "$lt": 4 } }""", "1 2 2.5")]
    public async Task Distinct_values_are_listed_once(string key, string query, string expected)
    {
        var database = server.NewDatabase();
        await database.Collection("c").InsertAsync(Documents);

        var reply = await database.RunCommandAsync(
            BsonDocument.Of(("distinct", "c"), ("key", key), ("query", query.Length == 0 ? BsonDocument.Empty : Doc(query))), Token);

        var numbers = reply["values"].AsDocument.Values().Where(value => value.IsNumber).Select(value => value.ToDouble()).Order();
        Assert.Equal(expected, string.Join(' ', numbers));
    }
}
