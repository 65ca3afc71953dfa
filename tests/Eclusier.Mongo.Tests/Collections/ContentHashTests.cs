using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using FsCheck;
using FsCheck.Fluent;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Collections;

public sealed class ContentHashTests(MongoServer server)
{
    private static readonly CopyOptions Small = new() { DocumentsPerRange = 50, BatchCount = 20 };

    [Fact]
    public void The_order_of_documents_does_not_count_and_parts_add_up() => Prop.ForAll<int[], int>((numbers, cut) =>
    {
        var documents = numbers.Select(number => BsonDocument.Of(("n", number))).ToList();
        var at = documents.Count == 0 ? 0 : Math.Abs(cut % documents.Count);
        var (whole, first) = (ContentHash.Of(documents), ContentHash.Of(documents.Take(at)));
        return whole == ContentHash.Of(documents.AsEnumerable().Reverse())
            && whole == first + ContentHash.Of(documents.Skip(at))
            && whole - first == ContentHash.Of(documents.Skip(at))
            && whole == ContentHash.Parse(whole.ToString());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{ "a": 1 }""", """{ "a": { "$numberLong": "1" } }""")]
    [InlineData("""{ "a": 1 }""", """{ "a": 1.0 }""")]
    [InlineData("""{ "a": 1, "b": 2 }""", """{ "b": 2, "a": 1 }""")]
    [InlineData("""{ "a": null }""", """{ }""")]
    [InlineData("""{ "a": { "$numberDecimal": "1.0" } }""", """{ "a": { "$numberDecimal": "1.00" } }""")]
    public void Types_order_and_absence_count(string left, string right) => Assert.NotEqual(ContentHash.Of(Doc(left)), ContentHash.Of(Doc(right)));

    [Fact]
    public void A_document_twice_is_not_no_document()
    {
        var hash = ContentHash.Of(Doc("""{ "a": 1 }"""));

        Assert.NotEqual(ContentHash.None.Sum, (hash + hash).Sum);
        Assert.Equal(32, hash.Hex.Length);
    }

    /// <summary>By <c>xxhsum -H2</c>: what is written down must hold for later versions.</summary>
    [Fact]
    public void A_hash_is_the_XXH3_of_the_bytes()
    {
        Assert.Equal("xxh3-01350000664fe200b1495c6a04b4e88d-1-5", ContentHash.Of(BsonDocument.Empty).ToString());
        Assert.Equal("xxh3-8c716263e5c97148056c20a8d335601a-1-5012", ContentHash.Of(BsonDocument.Of(("a", new string('x', 4999)))).ToString());
    }

    /// <summary>By libxxhash 0.8, for each of the ways that XXH3 goes by length.</summary>
    [Theory]
    [InlineData(1, "xxh3-7b70357cb6d2d938a34d8503f3eade74-1-14")]
    [InlineData(30, "xxh3-0aa45df34540fcc1a16146c6c77052cb-1-43")]
    [InlineData(112, "xxh3-b77305eaa8a6337d429b77cbb68624c5-1-125")]
    [InlineData(216, "xxh3-4511847cb576cece3a2ada8fbd666e21-1-229")]
    [InlineData(230, "xxh3-fd6de28192e62f43548c58c6e05ad2af-1-243")]
    [InlineData(1011, "xxh3-d227e274db6ccfa33aa3079c67515bf5-1-1024")]
    [InlineData(100_000, "xxh3-d04773eaba698b7cc24a48f3bc813166-1-100013")]
    public void A_hash_is_what_earlier_versions_wrote_down(int length, string hash) =>
        Assert.Equal(hash, ContentHash.Of(BsonDocument.Of(("a", new string('x', length)))).ToString());

    [Fact]
    public void A_hash_of_an_earlier_version_is_refused_with_what_to_do()
    {
        var error = Assert.ThrowsAny<EclusierException>(() => ContentHash.Parse("0123456789abcdef0123456789abcdef-2-100"));

        Assert.IsType<InvalidInputException>(error);
        Assert.Contains("mongorestore", error.Remedy!.Fr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_has_the_hash_of_its_documents_however_it_is_divided()
    {
        var collection = server.NewDatabase().Collection("c");
        var documents = Enumerable.Range(0, 700).Select(n => BsonDocument.Of(("_id", n % 2 == 0 ? n : $"{n}"), ("n", n))).ToList();
        await collection.InsertAsync(documents, new WriteOptions(), Token);

        Assert.Equal(ContentHash.Of(documents), await ContentHash.OfAsync(collection, Small, Token));
        Assert.Equal(ContentHash.Of(documents), await ContentHash.OfAsync(collection, new CopyOptions(), Token));
        Assert.Equal(ContentHash.None, await ContentHash.OfAsync(collection.Database.Collection("none"), Small, Token));
    }

    [Fact]
    public async Task Differences_are_named_and_counted()
    {
        var database = server.NewDatabase();
        var (left, right) = (database.Collection("left"), database.Collection("right"));
        await left.InsertAsync(Enumerable.Range(0, 100).Select(n => BsonDocument.Of(("_id", n), ("n", n))), new WriteOptions(), Token);
        await right.InsertAsync(Enumerable.Range(1, 100).Where(n => n != 50).Select(n => BsonDocument.Of(("_id", n), ("n", n == 70 ? 0 : n))), new WriteOptions(), Token);
        await left.InsertAsync("""{ "_id": "text" }""");

        var all = await CollectionDifference.FindAsync(left, right, 100, Small, Token);
        var two = await CollectionDifference.FindAsync(left, right, 2, Small, Token);

        Assert.Equal(
            [new(0, DifferenceKind.OnlyLeft), new(50, DifferenceKind.OnlyLeft), new(70, DifferenceKind.Different), new(100, DifferenceKind.OnlyRight), new("text", DifferenceKind.OnlyLeft)], all.First);
        Assert.Equal((5, 2), (two.Count, two.First.Count));
    }
}
