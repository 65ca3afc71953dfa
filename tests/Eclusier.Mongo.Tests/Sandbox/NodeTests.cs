using Eclusier.Files;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Sandbox;

/// <summary>The stand-in, judged by a client that shares no code with the driver for .NET: MongoDB's driver for Node, fetched for this test.</summary>
public sealed class NodeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("rs")]
    public async Task An_application_in_node_reads_and_writes_everything(string? replicaSet)
    {
        using var folder = new TemporaryFolder();
        await NodePackages.InstallAsync(folder.Path);
        await using var sandbox = MongoSandbox.StartStandIn(new StandInOptions { ReplicaSet = replicaSet });
        await using var client = await MongoClient.ConnectAsync(sandbox.UrlOf("app"), new MongoClientOptions(), Token);
        await client.Collection("app", "from dotnet").InsertAsync([EveryType.Document], new WriteOptions(), Token);

        var result = await RunScriptAsync(folder.Path, sandbox.UrlOf("app"));

        Assert.True(result.Output == "all equal\n", result.Error);
        // Node's types cannot hold these.
        string[] others = ["undefined", "pointer", "symbol", "first date"];
        var written = (await client.Collection("app", "from node").FindOneAsync(BsonDocument.Empty, Token))!;
        Assert.Equal(
            EveryType.Document.Where(element => !others.Contains(element.Name)).Select(element => $"{element.Name}: {element.Value}"),
            written.Select(element => $"{element.Name}: {element.Value}"));
    }

    private static async Task<ChildResult> RunScriptAsync(string folder, DatabaseUrl url)
    {
        var (script, document) = (Path.Combine(folder, "crud.mjs"), Path.Combine(folder, "every-type.json"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "crud.mjs"), script);
        await File.WriteAllTextAsync(document, EveryType.Json, Token);
        return await ChildProcess.RunAsync("node", [script, url.Reveal(), document], null, Token);
    }
}
