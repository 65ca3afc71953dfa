using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Transforms;
using Eclusier.Runbooks;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Transforms;

public sealed class EmbedTests(MongoServer server)
{
    private static readonly Embed Translations = new("MessageTranslation", "Message")
    {
        Match = new Dictionary<string, string> { ["messageId"] = "_id" },
        At = "translations.{targetLanguage}",
        Fields =
        [
            new EmbeddedField("text", "translatedText"),
            new EmbeddedField("translationModel", "translationModel", new Constant("basic")),
            new EmbeddedField("confidenceScore", "confidenceScore"),
            new EmbeddedField("createdAt", "createdAt"),
            new EmbeddedField("updatedAt", "updatedAt"),
        ],
    };

    /// <summary>The script of the guide, as it is: one update for each translation.</summary>
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public async Task The_documents_are_those_that_the_guides_loop_makes(long largestChildren)
    {
        var database = server.NewDatabase();
        var (messages, byHand) = (database.Collection("Message"), database.Collection("by hand"));
        var translations = database.Collection("MessageTranslation");
        await FillAsync(messages, translations);
        await byHand.InsertAsync(await messages.FindAllAsync(), new WriteOptions(), Token);
        foreach (var translation in await translations.FindAllAsync(options: new FindOptions { Sort = Doc("""{ "_id": 1 }""") }))
        {
            var data = new BsonWriter().Add("text", translation.Get("translatedText"));
            data.Add("translationModel", translation.Get("translationModel") is { IsNullish: false } model && model.AsString != "" ? model : "basic");
            foreach (var name in new[] { "confidenceScore", "createdAt", "updatedAt" })
                data.Add(name, translation.Get(name));
            var set = BsonDocument.Of(("$set", BsonDocument.Of(($"translations.{translation["targetLanguage"].AsString}", data.ToDocument()))));
            await byHand.WriteAsync([new UpdateOne(BsonDocument.Of(("_id", translation["messageId"])), set)], new WriteOptions(), Token);
        }

        var options = new CopyOptions { LargestChildren = largestChildren, DocumentsPerRange = 50, BatchCount = 30 };
        var transforms = await DocumentTransforms.PrepareAsync(database, "Message", [Translations], options, Token);
        var result = await CollectionCopy.RunAsync(new CopyOrder(messages, database.Collection("copy")) { Transforms = transforms }, options, Token);

        Assert.Equal(0, (await CollectionDifference.FindAsync(byHand, database.Collection("copy"), 5, options, Token)).Count);
        Assert.True(result.IsVerified);
        var report = Assert.Single(result.Transforms);
        Assert.Equal((200, 600, 0), (report.Changed, report.Values, report.Superseded.Count));
        Assert.Equal((7, 7), (report.Orphans.Count, report.Orphans.First.Count));
    }

    [Fact]
    public async Task Of_several_children_for_one_key_the_newest_wins_and_the_others_are_listed()
    {
        var report = await EmbedAsync(
            ["""{ "_id": 1 }"""],
            """{ "_id": 10, "messageId": 1, "targetLanguage": "fr", "translatedText": "old", "createdAt": { "$date": "2025-01-01T00:00:00Z" } }""",
            """{ "_id": 11, "messageId": 1, "targetLanguage": "fr", "translatedText": "new", "createdAt": { "$date": "2025-01-01T00:00:00Z" }, "updatedAt": { "$date": "2026-01-01T00:00:00Z" } }""",
            """{ "_id": 12, "messageId": 1, "targetLanguage": "fr", "translatedText": "middle", "createdAt": { "$date": "2025-06-01T00:00:00Z" } }""");

        Assert.Equal("new", report.Document["translations"].AsDocument["fr"].AsDocument["text"].AsString);
        Assert.Equal([(BsonValue)10, 12], report.Transform.Superseded.First.Order(BsonOrder.Instance));
    }

    [Fact]
    public async Task Keys_that_would_break_the_path_are_refused_and_listed()
    {
        var report = await EmbedAsync(
            ["""{ "_id": 1 }"""],
            """{ "_id": 10, "messageId": 1, "targetLanguage": "" }""",
            """{ "_id": 11, "messageId": 1, "targetLanguage": "fr.CA" }""",
            """{ "_id": 12, "messageId": 1, "targetLanguage": "$fr" }""",
            """{ "_id": 13, "messageId": 1 }""",
            """{ "_id": 14, "messageId": 1, "targetLanguage": "en", "translatedText": "x" }""");

        Assert.Equal("""{"_id":{"$numberInt":"1"},"translations":{"en":{"text":"x","translationModel":"basic"}}}""", report.Document.Json());
        Assert.Equal((4, 1), (report.Transform.Refused.Count, report.Transform.Values));
    }

    [Fact]
    public async Task What_stands_in_the_way_of_the_map_is_not_overwritten()
    {
        var report = await EmbedAsync(["""{ "_id": 1, "translations": [ 1 ] }"""], """{ "_id": 10, "messageId": 1, "targetLanguage": "fr" }""");

        Assert.Equal(BsonType.Array, report.Document["translations"].Type);
        Assert.Equal([(BsonValue)10], report.Transform.Refused.First);
    }

    [Fact]
    public async Task A_map_that_is_there_keeps_its_other_entries_and_null_becomes_a_map()
    {
        string[] children = ["""{ "_id": 10, "messageId": 1, "targetLanguage": "fr", "translatedText": "x" }"""];

        var there = await EmbedAsync(["""{ "_id": 1, "translations": { "en": 1, "fr": 2, "es": 3 }, "last": 1 }"""], children);
        var none = await EmbedAsync(["""{ "_id": 1, "translations": null, "last": 1 }"""], children);

        Assert.Equal(["en", "fr", "es"], there.Document["translations"].AsDocument.Select(entry => entry.Name));
        Assert.Equal(["_id", "translations", "last"], none.Document.Select(field => field.Name));
        Assert.Equal("x", none.Document["translations"].AsDocument["fr"].AsDocument["text"].AsString);
    }

    [Fact]
    public async Task A_child_is_changed_before_it_is_embedded()
    {
        var database = server.NewDatabase();
        await database.Collection("Message").InsertAsync("""{ "_id": 1 }""");
        await database.Collection("MessageTranslation").InsertAsync("""{ "_id": 10, "messageId": 1, "targetLanguage": "fr", "translatedText": "see staging.meeshy.me" }""");
        Transform[] all = [new Replace("MessageTranslation", ["translatedText"], "staging.meeshy.me", "meeshy.me"), Translations];

        var transforms = await DocumentTransforms.PrepareAsync(database, "Message", all, new CopyOptions(), Token);
        var batch = await transforms.ApplyAsync(await database.Collection("Message").FindAllAsync(), Token);

        Assert.Contains("see meeshy.me", batch.Documents[0].ToCanonicalJson());
    }

    [Fact]
    public async Task Many_children_need_an_index_to_be_fetched_by()
    {
        var database = server.NewDatabase();
        await database.Collection("Message").InsertAsync("""{ "_id": 1 }""");
        await database.Collection("MessageTranslation").InsertAsync("""{ "_id": 10, "messageId": 1, "targetLanguage": "fr" }""");

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() =>
            DocumentTransforms.PrepareAsync(database, "Message", [Translations], new CopyOptions { LargestChildren = 0 }, Token));

        Assert.IsType<RefusedException>(error);
        Assert.Contains("messageId", error.Remedy!.En);
    }

    private async Task<(BsonDocument Document, TransformReport Transform)> EmbedAsync(string[] parents, params string[] children)
    {
        var database = server.NewDatabase();
        await database.Collection("Message").InsertAsync(parents);
        await database.Collection("MessageTranslation").InsertAsync(children);
        var transforms = await DocumentTransforms.PrepareAsync(database, "Message", [Translations], new CopyOptions(), Token);
        var batch = await transforms.ApplyAsync(await database.Collection("Message").FindAllAsync(), Token);
        return (batch.Documents[0], transforms.Report(batch.Counts)[0]);
    }

    private static async Task FillAsync(MongoCollection messages, MongoCollection translations)
    {
        var ids = Enumerable.Range(0, 300).Select(_ => ObjectId.New(TimeProvider.System)).ToList();
        await messages.InsertAsync(ids.Select((id, n) => BsonDocument.Of(("_id", id), ("content", $"message {n}"), ("sentAt", BsonValue.DateTime(n)))), new WriteOptions(), Token);
        await translations.InsertAsync(
            ids.Take(200).SelectMany((id, n) => new[] { "en", "fr", "pt" }.Select(language => Translation(id, language, n))), new WriteOptions(), Token);
        await translations.InsertAsync(Enumerable.Range(0, 7).Select(n => Translation(ObjectId.New(TimeProvider.System), "de", n)), new WriteOptions(), Token);
        await translations.CreateIndexesAsync([Doc("""{ "key": { "messageId": 1 }, "name": "messageId_1" }""")], Token);
    }

    private static BsonDocument Translation(ObjectId message, string language, int n)
    {
        var writer = new BsonWriter().Add("_id", ObjectId.New(TimeProvider.System)).Add("messageId", message).Add("targetLanguage", language).Add("translatedText", $"{language} {n}");
        if (n % 3 > 0)
            writer.Add("translationModel", n % 3 == 1 ? "premium" : "");
        if (n % 2 == 0)
            writer.Add("confidenceScore", n / 200.0);
        return writer.Add("createdAt", BsonValue.DateTime(1_700_000_000_000 + n)).Add("updatedAt", n % 5 == 0 ? BsonValue.Null : BsonValue.DateTime(n)).ToDocument();
    }
}
