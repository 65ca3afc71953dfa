namespace Eclusier.Tests;

/// <summary>Numbers, sizes and times as the reader's language writes them.</summary>
public sealed class FormatsTests
{
    [Theory]
    [InlineData(0, "0 rows", "0 ligne modifiée")]
    [InlineData(1, "1 row", "1 ligne modifiée")]
    [InlineData(2, "2 rows", "2 lignes modifiées")]
    public void One_is_singular_and_so_is_zero_in_French(long number, string english, string french)
    {
        Assert.Equal(english, English.Count(number, "row"));
        Assert.Equal(french, French.Count(number, "ligne modifiée"));
    }

    [Fact]
    public void Words_without_a_plural_stay_as_they_are()
    {
        Assert.Equal("2 index", French.Count(2, "index"));
        Assert.Equal("3 lignes restaurées et comptées", French.Count(3, "ligne restaurée et comptée"));
        Assert.Equal("3 non prouvées", French.Count(3, "non prouvée"));
        Assert.Equal("2 copies", English.Count(2, "copy", "copies"));
    }

    [Theory]
    [InlineData(1536, "1.5 kB", "1,5 ko")]
    [InlineData(512, "512 B", "512 o")]
    [InlineData(3L << 30, "3.0 GB", "3,0 Go")]
    public void Sizes_have_the_languages_comma_and_units(long bytes, string english, string french) =>
        Assert.Equal(new Text(english, french), Formats.In(format => format.Bytes(bytes)));

    [Theory]
    [InlineData(200, "200 ms", "200 ms")]
    [InlineData(5_250, "5.3 s", "5,3 s")]
    [InlineData(5_400_000, "1.5 h", "1,5 h")]
    public void Spans_are_said_by_their_largest_unit(double milliseconds, string english, string french) =>
        Assert.Equal(new Text(english, french), Formats.In(format => format.Span(TimeSpan.FromMilliseconds(milliseconds))));

    [Fact]
    public void A_long_number_is_grouped_with_its_noun() =>
        Assert.Equal(new Text("12,000 rows", "12\u202f000 lignes"), Formats.In(format => format.Count(12_000, "row", "ligne")));
}
