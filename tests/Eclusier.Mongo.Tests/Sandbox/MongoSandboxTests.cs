using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

public sealed class MongoSandboxTests
{
    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        var url = sandbox.UrlOf("db").Reveal();
        var password = url.Split(':', '@')[2];

        await using (var client = await MongoClient.ConnectAsync(new DatabaseUrl(url.Replace($"eclusier:{password}@", "", StringComparison.Ordinal).Split('?')[0]), new MongoClientOptions(), Token))
        {
            var refused = await Assert.ThrowsAsync<MongoException>(() => client.Collection("db", "c").FindAllAsync());
            Assert.Equal((13, "Unauthorized"), (refused.Code, refused.CodeName));
        }
        var wrong = await Assert.ThrowsAnyAsync<EclusierException>(() =>
            MongoClient.ConnectAsync(new DatabaseUrl(url.Replace(password, "another-one", StringComparison.Ordinal)), new MongoClientOptions(), Token));
        Assert.IsType<UnavailableException>(wrong);
        Assert.DoesNotContain("another-one", wrong.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(password, sandbox.UrlOf("db").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stand_in_says_that_it_is_one()
    {
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("db"), new MongoClientOptions(), Token);

        var info = await client.BuildInfoAsync(Token);

        Assert.True(sandbox.IsStandIn);
        Assert.StartsWith("6.0", info["version"].AsString, StringComparison.Ordinal);
        Assert.Contains("stand-in", info["standIn"].AsString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Databases_of_two_sandboxes_are_apart_and_gone_afterwards()
    {
        var sandbox = MongoSandbox.StartStandIn(new StandInOptions());
        await using var other = MongoSandbox.StartStandIn(new StandInOptions());
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("db"), new MongoClientOptions { ServerSelectionTimeout = TimeSpan.FromMilliseconds(300) }, Token);
        await using var otherClient = await MongoClient.ConnectAsync(other.UrlOf("db"), new MongoClientOptions(), Token);
        await client.Collection("db", "c").InsertAsync("{}");

        Assert.Empty(await otherClient.Database("db").ListCollectionsAsync(Token));
        await sandbox.DisposeAsync();

        Assert.True((await Assert.ThrowsAsync<MongoException>(() => client.RunCommandAsync("db", BsonDocument.Of(("ping", 1)), Token))).IsConnectionLost);
    }

    /// <summary>The shell around <c>mongod</c>, with a program in its place that fails as one with a full disk does.</summary>
    [Fact]
    public async Task A_mongod_that_does_not_start_is_said_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(folder.Path, "mongod");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho 'No space left on device'\nexit 100\n", Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = await Assert.ThrowsAnyAsync<EclusierException>(() => MongodProcess.StartAsync(program, "u", "p", Token));

        Assert.IsType<UnavailableException>(error);
        Assert.Contains("No space left on device", error.Problem.En, StringComparison.Ordinal);
        Assert.False(Directory.Exists(error.Where));
    }
}
