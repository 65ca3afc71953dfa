using Eclusier.Runbooks;

namespace Eclusier.Tests.Runbooks;

public sealed class ShortFormTests
{
    [Theory]
    [InlineData("postgresql://ann:s3cret@db:5432/app?sslmode=require", "app")]
    [InlineData("postgresql://ann:s3/cr@et@db/app_2", "app_2")]
    [InlineData("postgresql://db/../../etc", "etc")]
    [InlineData("postgresql://db/%2Fodd", "2Fodd")]
    [InlineData("postgresql://ann:s3cret@db", "target")]
    [InlineData("postgresql://db/", "target")]
    [InlineData("postgresql:///app", "app")]
    public void The_environment_is_called_as_the_database(string url, string name)
    {
        var runbook = ShortForm.Create(new DatabaseUrl(url), "/m", "/w", [], rehearse: false);

        Assert.Equal(name, runbook.Migrations.Target);
        Assert.Equal([name], runbook.Environments.Keys);
    }
}
