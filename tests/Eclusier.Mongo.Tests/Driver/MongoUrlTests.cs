using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Tests.Driver;

[Trait("Needs", "no server")]
public sealed class MongoUrlTests
{
    [Theory]
    [InlineData("mongodb://h", "h", null)]
    [InlineData("mongodb://h:1,i:2/db?replicaSet=r", "h:1,i:2/db", "db")]
    [InlineData("mongodb+srv://u:p@cluster.example/db%20x", "cluster.example/db x", "db x")]
    [InlineData("mongodb://u:p/a@ss?@h/?w=1", "h", null)]
    public void An_address_is_described_without_user_and_options(string url, string description, string? database)
    {
        Assert.Equal(description, MongoUrl.Describe(new DatabaseUrl(url)));
        Assert.Equal(database, MongoUrl.Database(new DatabaseUrl(url)));
    }

    [Theory]
    [InlineData("mongodb://h/a", "mongodb://h/b")]
    [InlineData("mongodb://h", "mongodb://h/b")]
    [InlineData("mongodb://u:p@h/a?w=1", "mongodb://u:p@h/b?w=1&authSource=a")]
    [InlineData("mongodb://u:p@h", "mongodb://u:p@h/b?authSource=admin")]
    [InlineData("mongodb://u:p@h/a?authSource=x", "mongodb://u:p@h/b?authSource=x")]
    public void Another_database_keeps_where_the_user_is_known(string url, string other) =>
        Assert.Equal(other, MongoUrl.WithDatabase(new DatabaseUrl(url), "b").Reveal());
}
