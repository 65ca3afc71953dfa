using Eclusier.Mongo.Bson;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Bson;

[Trait("Needs", "no server")]
public sealed class BsonDocumentTests
{
    [Fact]
    public void Json_keeps_every_type_and_byte()
    {
        var again = BsonDocument.FromJson(EveryType.Document.ToCanonicalJson());

        Assert.True(again.Equals(EveryType.Document));
        Assert.Equal(Enum.GetValues<BsonType>().Where(type => type != BsonType.Missing).Order(), EveryType.Document.Values().Select(value => value.Type).Distinct().Order());
    }

    [Fact]
    public void Values_are_read_as_what_they_are()
    {
        var document = EveryType.Document;

        Assert.Equal("5f1e2d3c4b5a69788796a5b4", document["_id"].AsObjectId.ToString());
        Assert.Equal(0.1, document["double"].AsDouble);
        Assert.True(double.IsNegative(document["negative zero"].AsDouble));
        Assert.Equal("héron \0 🦆 \"", document["string"].AsString);
        Assert.Equal(new DateTimeOffset(1969, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), document["before 1970"].AsDateTime);
        Assert.Equal(long.MinValue, document["first date"].AsMilliseconds);
        Assert.Equal(("^a/b\\.c", "im"), document["regex"].AsRegex);
        Assert.Equal(int.MinValue, document["int32"].AsInt32);
        Assert.Equal((1700000000UL << 32) | uint.MaxValue, document["timestamp"].AsTimestamp);
        Assert.Equal(4, document["uuid"].AsBinarySubtype);
        Assert.Equal([0, 1, 2, 255], document["binary"].AsBinary.ToArray());
        Assert.Equal(-110, -(int)(document["decimal"].AsDecimal128.Coefficient));
        Assert.Equal(-2, document["decimal"].AsDecimal128.Exponent);
        Assert.True(document["decimal nan"].AsDecimal128.IsNaN);
        Assert.Equal(1, document["dotted.name"].AsInt32);
        Assert.Equal(3, document[""].AsInt32);
        Assert.Equal(["z", "a"], document["document"].AsDocument.Select(element => element.Name));
    }

    [Fact]
    public void What_is_read_and_written_again_is_the_same()
    {
        var writer = new BsonWriter();
        foreach (var (name, value) in EveryType.Document)
            writer.Add(name, value);

        Assert.True(writer.ToDocument().Equals(EveryType.Document));
    }

    [Fact]
    public void Values_made_here_are_those_that_other_drivers_make()
    {
        var made = BsonDocument.Of(
            ("int", 1),
            ("long", 1L),
            ("double", 1.5),
            ("text", "é"),
            ("yes", true),
            ("id", ObjectId.Parse("5f1e2d3c4b5a69788796a5b4")),
            ("date", new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero)),
            ("binary", BsonValue.Binary([1, 2], 5)),
            ("regex", BsonValue.Regex("a", "i")),
            ("timestamp", BsonValue.Timestamp((2UL << 32) | 3)),
            ("null", BsonValue.Null),
            ("array", BsonValue.Array([1, BsonDocument.Empty])),
            ("decimal", Decimal128.From(-125, -2)));

        Assert.Equal(
            """
            {"int":{"$numberInt":"1"},"long":{"$numberLong":"1"},"double":{"$numberDouble":"1.5"},"text":"é","yes":true,"id":{"$oid":"5f1e2d3c4b5a69788796a5b4"},"date":{"$date":{"$numberLong":"-1000"}},"binary":{"$binary":{"base64":"AQI=","subType":"05"}},"regex":{"$regularExpression":{"pattern":"a","options":"i"}},"timestamp":{"$timestamp":{"t":2,"i":3}},"null":null,"array":[{"$numberInt":"1"},{}],"decimal":{"$numberDecimal":"-1.25"}}
            """,
            made.Json());
    }

    [Fact]
    public void Two_fields_of_one_name_are_both_kept()
    {
        var twice = new BsonWriter().Add("a", 1).Add("a", 2).ToDocument();

        Assert.Equal([1, 2], twice.Values().Select(value => value.AsInt32));
        Assert.Equal(1, twice["a"].AsInt32);
    }

    [Fact]
    public void A_document_of_sixteen_megabytes_goes_through_json()
    {
        const int overhead = 4 + 1 + 2 + 4 + 1 + 1;
        var large = BsonDocument.Of(("t", new string('x', BsonDocument.LargestSize - overhead)));

        Assert.Equal(BsonDocument.LargestSize, large.Size);
        Assert.True(BsonDocument.FromJson(large.ToCanonicalJson()).Equals(large));
    }

    [Theory]
    [InlineData("""{"$type":"string"}""")]
    [InlineData("""{"$regex":"a","$options":"i"}""")]
    [InlineData("""{"$date":{"$numberLong":"1"},"x":null}""")]
    [InlineData("""{"$ref":"c","$id":{"$oid":"5f1e2d3c4b5a69788796a5b4"}}""")]
    public void Operators_are_not_taken_for_values(string json) =>
        Assert.Equal($$"""{"v":{{json}}}""", Doc($$"""{ "v": {{json}} }""").Json());

    [Theory]
    [InlineData("1", BsonType.Int32)]
    [InlineData("2147483648", BsonType.Int64)]
    [InlineData("1.0", BsonType.Double)]
    [InlineData("9223372036854775808", BsonType.Double)]
    [InlineData("""{ "$date": "1969-12-31T23:59:59.999Z" }""", BsonType.DateTime)]
    [InlineData("""{ "$uuid": "73ffd264-44b3-4c69-90e8-e7d1dfc035d4" }""", BsonType.Binary)]
    public void Relaxed_json_has_the_types_that_mongodb_reads(string json, BsonType type) =>
        Assert.Equal(type, Doc($$"""{ "v": {{json}} }""")["v"].Type);

    [Fact]
    public void As_many_levels_as_a_server_accepts_go_through_json()
    {
        var deep = BsonDocument.Empty;
        for (var level = 1; level < 200; level++)
            deep = BsonDocument.Of(("d", deep));

        Assert.True(BsonDocument.FromJson(deep.ToCanonicalJson()).Equals(deep));
        Assert.Throws<FormatException>(() => BsonDocument.Of(("d", deep)).ToCanonicalJson());
        for (var level = 0; level < 1000; level++)
            deep = BsonDocument.Of(("d", deep));
        Assert.Throws<FormatException>(() => deep.ToCanonicalJson());
    }

    /// <summary>As libbson lays it out, which wrote it before: texts of earlier versions are compared with it.</summary>
    [Fact]
    public void Json_is_laid_out_as_it_always_was()
    {
        var document = Doc("""{"a":{},"b":[],"c":[1,{"x":[]}],"d":"q\"\\/\b\f\n\r\t\u0001\u001f\u0000zé","o":{"$regularExpression":{"pattern":"a/b","options":"mi"}},"q":{"$code":"x","$scope":{}},"t":{"$timestamp":{"t":1,"i":2}},"a\"b":1}""");

        Assert.Equal(
            """{ "a" : {  }, "b" : [  ], "c" : [ { "$numberInt" : "1" }, { "x" : [  ] } ], "d" : "q\"\\/\b\f\n\r\t\u0001\u001f\u0000zé", "o" : { "$regularExpression" : { "pattern" : "a/b", "options" : "im" } }"""
            + """, "q" : { "$code" : "x", "$scope" : { } }, "t" : { "$timestamp" : { "t" : 1, "i" : 2 } }, "a\"b" : { "$numberInt" : "1" } }""",
            document.ToCanonicalJson());
        Assert.Equal("{ }", BsonDocument.Empty.ToCanonicalJson());
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1e20, "1E+20")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_double_is_written_as_the_shortest_text_that_reads_as_it(double value, string text) =>
        Assert.Equal($$"""{ "$numberDouble" : "{{text}}" }""", ((BsonValue)value).ToString());

    /// <summary>The byte that is e with an acute accent in Latin-1.</summary>
    [Fact]
    public void Text_that_is_not_UTF_8_is_no_json_and_is_shown_by_its_bytes()
    {
        var value = new BsonValue(BsonType.String, new byte[] { 3, 0, 0, 0, (byte)'t', 0xE9, 0 });
        var document = BsonDocument.Of(("_id", value));

        Assert.Throws<FormatException>(() => document.ToCanonicalJson());
        Assert.Equal("""{ "_id" : "t\\xe9" }""", document.ToString());
        Assert.Equal(value, System.Text.Json.JsonSerializer.Deserialize<BsonValue>(System.Text.Json.JsonSerializer.Serialize(value)));
        Assert.Equal(document, System.Text.Json.JsonSerializer.Deserialize<BsonDocument>(System.Text.Json.JsonSerializer.Serialize(document)));
    }

    [Fact]
    public void The_old_binary_subtype_has_its_length_inside_the_bytes()
    {
        var document = new BsonDocument(Convert.FromHexString("13000000057800060000000202000000FFFF00"));

        Assert.Equal("""{"x":{"$binary":{"base64":"//8=","subType":"02"}}}""", document.Json());
        Assert.Equal(document, Doc(document.ToCanonicalJson()));
    }

    [Fact]
    public void What_is_no_json_is_said()
    {
        Assert.Throws<FormatException>(() => Doc("{ a: "));
        Assert.Throws<FormatException>(() => Doc("[]"));
        Assert.Throws<FormatException>(() => Doc("""{ "a": { "$oid": "12" } }"""));
        Assert.Throws<FormatException>(() => Doc("""{ "a": { "$numberInt": "2147483648" } }"""));
        Assert.Throws<FormatException>(() => Doc("""{ "a": { "$binary": { } } }"""));
        Assert.Throws<FormatException>(() => Doc("""{ "a": { "$date": 1 } }"""));
        Assert.Throws<FormatException>(() => Doc("""{ "a": "\ud800" }"""));
        Assert.Throws<FormatException>(() => Doc("""{ "a\u0000": 1 }"""));
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_read_beyond()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = EveryType.Document.Bytes.ToArray();
            bytes[random.Next(4, bytes.Length - 1)] = (byte)random.Next(256);
            try
            {
                var count = new BsonDocument(bytes).Sum(element => element.Name.Length + element.Value.Bytes.Length);
                Assert.InRange(count, 1, bytes.Length);
            }
            catch (FormatException)
            {
                // Most of them.
            }
        }
    }

    [Fact]
    public void Bytes_of_another_length_are_no_document()
    {
        Assert.Throws<FormatException>(() => new BsonDocument(new byte[] { 6, 0, 0, 0, 0 }));
        Assert.Throws<FormatException>(() => new BsonDocument(new byte[] { 5, 0, 0, 0, 1 }));
        Assert.Throws<FormatException>(() => new BsonDocument(Array.Empty<byte>()));
        Assert.Throws<ArgumentException>(() => new BsonWriter().Add("a\0b", 1));
    }
}
