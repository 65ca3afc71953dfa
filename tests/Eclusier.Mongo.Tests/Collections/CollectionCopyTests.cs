using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Collections;

public sealed class CollectionCopyTests(MongoServer server)
{
    /// <summary>Many ranges and batches, however small the collection.</summary>
    private static readonly CopyOptions Small = new() { DocumentsPerRange = 50, BatchCount = 20, SaveEvery = TimeSpan.Zero };

    [Fact]
    public async Task Every_type_arrives_byte_for_byte()
    {
        var (source, target) = Pair();
        await source.InsertAsync([EveryType.Document], new WriteOptions(), Token);

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token);

        Assert.True(result.IsVerified);
        Assert.Equal((result.Source, ContentHash.Of(EveryType.Document)), (result.Expected, result.Verified));
        Assert.Equal(EveryType.Document, Assert.Single(await target.FindAllAsync()));
    }

    [Fact]
    public async Task Ids_of_every_type_are_in_exactly_one_range()
    {
        var (source, target) = Pair();
        var documents = Ids().Select(id => BsonDocument.Of(("_id", id), ("n", 1))).ToList();
        await source.InsertAsync(documents, new WriteOptions(), Token);
        var progress = new Kept();

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = progress }, Small, Token);

        Assert.True(progress.Last!.Ranges.Count > 3);
        Assert.Equal(documents.Count, result.Source.Count);
        Assert.True(result.IsVerified);
        Assert.Equal(ContentHash.Of(documents), result.Verified);
    }

    [Fact]
    public async Task Few_documents_are_divided_when_they_are_large()
    {
        var (source, target) = Pair();
        var documents = Enumerable.Range(0, 40).Select(n => BsonDocument.Of(("_id", n), ("text", new string((char)('a' + (n % 26)), 1024 * 1024)))).ToList();
        await source.InsertAsync(documents, new WriteOptions(), Token);
        var progress = new Kept();

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = progress }, new CopyOptions(), Token);

        Assert.Equal(2, progress.Last!.Ranges.Count);
        Assert.Equal(ContentHash.Of(documents), result.Verified);
    }

    /// <summary>A journal keeps results, and reads them again.</summary>
    [Fact]
    public async Task A_result_survives_json()
    {
        var (source, target) = Pair();
        await source.InsertAsync([EveryType.Document], new WriteOptions(), Token);
        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token) with
        {
            EmptyTimestamps = new Mongo.Transforms.DocumentList(2, [5L, EveryType.Document, BsonValue.MinKey, "text"]),
        };

        var again = System.Text.Json.JsonSerializer.Deserialize<CopyResult>(System.Text.Json.JsonSerializer.Serialize(result))!;

        Assert.Equal((result.Source, result.Verified, result.Uuid), (again.Source, again.Verified, again.Uuid));
        Assert.Equal(result.EmptyTimestamps.First, again.EmptyTimestamps.First);
    }

    [Fact]
    public async Task A_document_of_16_megabytes_is_copied()
    {
        var (source, target) = Pair();
        var frame = BsonDocument.Of(("_id", 1), ("text", ""));
        var largest = BsonDocument.Of(("_id", 1), ("text", new string('x', BsonDocument.LargestSize - frame.Size)));
        Assert.Equal(BsonDocument.LargestSize, largest.Size);
        await source.InsertAsync([largest], new WriteOptions(), Token);

        Assert.True((await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token)).IsVerified);
    }

    [Fact]
    public async Task The_target_has_the_options_of_the_source_and_takes_documents_older_than_its_validator()
    {
        var (source, target) = Pair();
        await source.InsertAsync("""{ "_id": 1 }""");
        await source.Database.RunCommandAsync(Doc("""{ "collMod": "source", "validator": { "n": { "$exists": true } }, "validationLevel": "strict" }"""), Token);

        Assert.True((await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token)).IsVerified);

        var options = (await target.Database.ListCollectionsAsync(Token)).ToDictionary(one => one["name"].AsString, one => one["options"].ToString());
        Assert.Equal(options["source"], options["target"]);
    }

    [Fact]
    public async Task A_capped_collection_keeps_its_order()
    {
        var (source, target) = Pair();
        await source.Database.CreateCollectionAsync("source", Doc("""{ "capped": true, "size": 1000000 }"""), Token);
        await source.InsertAsync(Enumerable.Range(0, 100).Select(n => BsonDocument.Of(("_id", n * 37 % 100))), new WriteOptions(), Token);

        Assert.True((await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token)).IsVerified);

        Assert.Equal(await source.FindAllAsync(), await target.FindAllAsync());
    }

    [Fact]
    public async Task Empty_timestamps_are_reported_and_no_mismatch()
    {
        var (source, target) = Pair();
        await source.InsertAsync("""{ "_id": 1, "t": { "$timestamp": { "t": 0, "i": 0 } } }""", """{ "_id": 2, "t": { "$timestamp": { "t": 1, "i": 1 } } }""");
        // An update is no insertion: the empty timestamp stays.
        await source.WriteAsync([new UpdateOne(Doc("""{ "_id": 2 }"""), Doc("""{ "$set": { "t": { "$timestamp": { "t": 0, "i": 0 } } } }"""))], new WriteOptions(), Token);
        Assert.Equal(0ul, (await source.FindOneAsync(Doc("""{ "_id": 2 }"""), Token))!["t"].AsTimestamp);

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token);

        Assert.True(result.IsVerified);
        Assert.NotEqual(result.Source, result.Expected);
        Assert.Equal([(BsonValue)2], result.EmptyTimestamps.First);
    }

    [Fact]
    public async Task Documents_that_are_there_are_left_alone_and_other_ones_are_an_error()
    {
        var (source, target) = Pair();
        await FillAsync(source, 200);
        await FillAsync(target, 70);

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token);
        Assert.Equal((70, true), (result.Resumed, result.IsVerified));

        await target.WriteAsync([new UpdateOne(Doc("""{ "_id": 3 }"""), Doc("""{ "$set": { "n": 0 } }"""))], new WriteOptions(), Token);
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token));
        Assert.IsType<MigrationFailedException>(error);
        Assert.Contains("""{ "$numberInt" : "3" }""", error.Message);
    }

    [Fact]
    public async Task A_document_too_many_in_the_target_is_found()
    {
        var (source, target) = Pair();
        await FillAsync(source, 100);
        await target.InsertAsync("""{ "_id": -1 }""");

        Assert.False((await CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token)).IsVerified);

        var difference = await CollectionDifference.FindAsync(source, target, 10, Small, Token);
        Assert.Equal([new DocumentDifference(-1, DifferenceKind.OnlyRight)], difference.First);
    }

    [Fact]
    public async Task A_view_is_not_copied()
    {
        var (source, target) = Pair();
        await source.Database.CreateCollectionAsync("view", Doc("""{ "viewOn": "source", "pipeline": [] }"""), Token);

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() =>
            CollectionCopy.RunAsync(new CopyOrder(source.Database.Collection("view"), target), Small, Token));

        Assert.IsType<RefusedException>(error);
    }

    /// <summary>Cut short at every number of batches, and each time gone on with: with what was kept, and with nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_short_anywhere_it_goes_on(bool withProgress)
    {
        var (source, _) = Pair();
        await FillAsync(source, 500);
        var expected = await ContentHash.OfAsync(source, Small, Token);
        for (var batches = 1; batches < 25; batches += 3)
        {
            var target = source.Database.Collection($"target {batches}");
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var first = new Kept { AfterSave = saves => { if (saves == batches) cut.Cancel(); } };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = first }, Small, cut.Token));

            var second = new Kept { Last = withProgress ? CopyProgress.FromJson(first.Last!.ToJson()) : null };
            var result = await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = second }, Small, Token);

            Assert.True(result.IsVerified);
            Assert.Equal((expected, expected), (result.Source, result.Expected));
            Assert.True(result.Resumed > 0);
        }
    }

    /// <summary>MongoDB takes any bytes for a text.</summary>
    [Fact]
    public async Task An_id_that_is_not_UTF_8_is_copied_and_kept_and_shown_by_its_bytes()
    {
        var (source, target) = Pair();
        BsonDocument Document(int number, int value) => BsonDocument.Of(("_id", new BsonValue(BsonType.String, new byte[] { 4, 0, 0, 0, (byte)number, 0xE9, (byte)'x', 0 })), ("value", value));
        await source.InsertAsync(Enumerable.Range(1, 100).Select(number => Document(number, number)), new WriteOptions(), Token);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = new Kept { AfterSave = _ => cut.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = first }, Small, cut.Token));

        var second = new Kept { Last = CopyProgress.FromJson(first.Last!.ToJson()) };
        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = second }, Small, Token);
        await target.WriteAsync([new ReplaceOne(BsonDocument.Of(("_id", Document(65, 0)["_id"])), Document(65, 0))], new WriteOptions(), Token);
        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => CollectionCopy.RunAsync(new CopyOrder(source, target), Small, Token));

        Assert.True(result.IsVerified);
        Assert.Contains("""A\\xe9x""", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_of_a_target_that_was_dropped_is_not_believed()
    {
        var (source, target) = Pair();
        await FillAsync(source, 200);
        var progress = new Kept();
        await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = progress }, Small, Token);
        await target.DropAsync(Token);

        var result = await CollectionCopy.RunAsync(new CopyOrder(source, target) { Progress = progress }, Small, Token);

        Assert.Equal((true, 200), (result.IsVerified, result.Verified.Count));
    }

    private (MongoCollection Source, MongoCollection Target) Pair()
    {
        var database = server.NewDatabase();
        return (database.Collection("source"), database.Collection("target"));
    }

    private static Task FillAsync(MongoCollection collection, int count) => collection.InsertAsync(
        Enumerable.Range(0, count).Select(id => BsonDocument.Of(("_id", id), ("n", id * 1.5), ("text", $"text {id}"))), new WriteOptions(), Token);

    private static IEnumerable<BsonValue> Ids()
    {
        for (var n = 0; n < 60; n++)
        {
            yield return n;
            yield return n + 0.5;
            yield return $"text {n}";
            yield return ObjectId.New(TimeProvider.System);
            yield return BsonValue.DateTime(n - 30);
            yield return BsonDocument.Of(("a", n), ("b", "x"));
            yield return BsonValue.Binary([(byte)n], 4);
            yield return BsonValue.Timestamp((ulong)n);
        }
        yield return long.MaxValue;
        yield return double.NaN;
        yield return true;
        yield return false;
        yield return BsonValue.MinKey;
        yield return BsonValue.MaxKey;
        yield return BsonValue.Null;
    }
}

/// <summary>Progress in memory.</summary>
internal sealed class Kept : ICopyProgress
{
    private int _saves;

    public CopyProgress? Last { get; set; }

    public Action<int>? AfterSave { get; init; }

    public Task SaveAsync(CopyProgress progress, CancellationToken cancellationToken)
    {
        Last = progress;
        AfterSave?.Invoke(++_saves);
        return Task.CompletedTask;
    }
}
