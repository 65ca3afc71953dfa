using System.Numerics;
using Eclusier.Mongo.Bson;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Bson;

[Trait("Needs", "no server")]
public sealed class BsonOrderTests
{
    /// <summary>From the manual's page Comparison/Sort Order; one line is one place in the order.</summary>
    private static readonly string[][] InOrder =
    [
        ["""{ "$minKey": 1 }"""],
        ["null"],
        ["""{ "$numberDouble": "NaN" }""", """{ "$numberDecimal": "NaN" }"""],
        ["""{ "$numberDouble": "-Infinity" }"""],
        ["""{ "$numberLong": "-9223372036854775808" }""", """{ "$numberDouble": "-9223372036854775808" }"""],
        ["-1", """{ "$numberDouble": "-1.0" }"""],
        ["0", """{ "$numberDouble": "-0.0" }""", """{ "$numberDecimal": "0E+10" }"""],
        ["""{ "$numberDecimal": "0.1" }"""],
        ["""{ "$numberDouble": "0.1" }"""],
        ["1", """{ "$numberLong": "1" }""", """{ "$numberDouble": "1.0" }""", """{ "$numberDecimal": "1.00" }"""],
        ["""{ "$numberLong": "9007199254740992" }""", """{ "$numberDouble": "9007199254740992" }"""],
        ["""{ "$numberLong": "9007199254740993" }"""],
        ["""{ "$numberLong": "9223372036854775807" }""", """{ "$numberDecimal": "9223372036854775807" }"""],
        ["""{ "$numberDouble": "9223372036854775808" }"""],
        ["""{ "$numberDouble": "Infinity" }""", """{ "$numberDecimal": "Infinity" }"""],
        ["\"\""],
        ["\"A\"", """{ "$symbol": "A" }"""],
        ["\"a\""],
        ["\"é\""],
        ["{}"],
        ["""{ "b": 1 }"""],
        ["""{ "b": 2 }"""],
        ["""{ "b": 2, "a": 1 }"""],
        ["""{ "a": "x" }"""],
        ["[]"],
        ["[1]"],
        ["[1, 2]"],
        ["[2]"],
        ["""{ "$binary": { "base64": "", "subType": "05" } }"""],
        ["""{ "$binary": { "base64": "/w==", "subType": "00" } }"""],
        ["""{ "$binary": { "base64": "AA==", "subType": "05" } }"""],
        ["""{ "$oid": "000000000000000000000001" }"""],
        ["false"],
        ["true"],
        ["""{ "$date": { "$numberLong": "-1" } }"""],
        ["""{ "$date": { "$numberLong": "0" } }"""],
        ["""{ "$timestamp": { "t": 1, "i": 4294967295 } }"""],
        ["""{ "$timestamp": { "t": 4294967295, "i": 1 } }"""],
        ["""{ "$regularExpression": { "pattern": "a", "options": "" } }"""],
        ["""{ "$code": "a" }"""],
        ["""{ "$code": "a", "$scope": {} }"""],
        ["""{ "$maxKey": 1 }"""],
    ];

    [Fact]
    public void Every_value_stands_where_the_manual_says()
    {
        var all = InOrder.SelectMany((line, place) => line.Select(json => (Place: place, Value: Doc($$"""{ "v": {{json}} }""")["v"]))).ToList();
        foreach (var left in all)
        {
            foreach (var right in all)
            {
                var order = Math.Sign(BsonOrder.Instance.Compare(left.Value, right.Value));
                Assert.True(order == left.Place.CompareTo(right.Place), $"{left.Value} against {right.Value}: {order}");
                if (order == 0)
                    Assert.Equal(BsonOrder.Instance.GetHashCode(left.Value), BsonOrder.Instance.GetHashCode(right.Value));
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1.5")]
    [InlineData("0.000001234")]
    [InlineData("9999999999999999999999999999999999")]
    [InlineData("1E+6144")]
    [InlineData("1E-6176")]
    [InlineData("-12345678901234567890123456789012.34")]
    public void A_decimal_is_taken_apart_and_put_together(string text)
    {
        var number = Doc($$"""{ "v": { "$numberDecimal": "{{text}}" } }""")["v"].AsDecimal128;

        Assert.Equal(number, Decimal128.From(number.Coefficient, number.Exponent));
    }

    [Fact]
    public void A_decimal_is_rounded_half_to_even()
    {
        var ten34 = BigInteger.Pow(10, 34);

        Assert.Equal(Decimal128.From(ten34 / 10, 1), Decimal128.From(ten34 + 5, 0));
        Assert.Equal(Decimal128.From((ten34 / 10) + 2, 1), Decimal128.From(ten34 + 15, 0));
        Assert.Equal(Decimal128.PositiveInfinity, Decimal128.From(1, 7000));
        Assert.Equal(0.1, Decimal128.From(0.1).ToDouble());
    }
}
