namespace Eclusier.Tests;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("postgresql://ann:s3cret@db:5432/app", "postgresql://ann:***@db:5432/app")]
    [InlineData("could not reach postgres://ann:p@ss:w@db/app now", "could not reach postgres://ann:***@db/app now")]
    [InlineData("Host=db;Password=abc;Username=ann", "Host=db;Password=***;Username=ann")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b")]
    public void Passwords_are_removed_by_their_place(string text, string expected) =>
        Assert.Equal(expected, Secrets.Redact(text));

    [Fact]
    public void A_password_that_entered_in_a_url_is_removed_wherever_it_turns_up()
    {
        var url = new DatabaseUrl("postgresql://ann:Tr0ub%20dor@db/app");

        Assert.DoesNotContain("Tr0ub", url.ToString());
        Assert.Equal("role: ***, again ***", Secrets.Redact("role: Tr0ub dor, again Tr0ub%20dor"));
    }
}
