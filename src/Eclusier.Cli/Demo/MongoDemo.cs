using Eclusier.Files;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;

namespace Eclusier.Cli.Demo;

/// <summary>An example's MongoDB databases, written as Extended JSON by its generator and loaded.</summary>
internal sealed class MongoDemo(DemoSystem system, MongoSandbox sandbox) : IDemoServer
{
    private const int BatchSize = 1000;

    public async Task BuildAsync(DemoScenario scenario, string runbookFile, Dictionary<string, string?> variables, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(runbookFile)!;
        var output = Path.Combine(folder, ".eclusier", "generated");
        var generator = Path.Combine(folder, system.Generator!);
        var result = await ChildProcess.RunAsync("dotnet", ["run", Path.GetFileName(generator), "--", output], environment: null, cancellationToken, workingFolder: Path.GetDirectoryName(generator));
        if (!result.Succeeded)
            throw new InvalidOperationException($"dotnet run {system.Generator}: {result.LastLines()}");
        foreach (var database in system.Databases)
        {
            var url = sandbox.UrlOf($"meeshy_{database.Source}");
            variables[database.UrlVariable] = url.Reveal();
            await LoadAsync(url, Path.Combine(output, database.Source), cancellationToken);
        }
    }

    /// <summary>The stand-in lives in this process: it stays as long as the user lets it.</summary>
    public async Task KeepAsync(DatabaseUrl url, Language language, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"{url.Reveal()}\n{new Text("Ctrl-C ends it.", "Ctrl-C l'arrête.").In(language)}");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // As the user was told.
        }
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static async Task LoadAsync(DatabaseUrl url, string folder, CancellationToken cancellationToken)
    {
        await using var client = await MongoClient.ConnectAsync(url, new MongoClientOptions("eclusier demo"), cancellationToken);
        var database = client.Database(client.DefaultDatabase!);
        foreach (var file in Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            await database.CreateCollectionAsync(name, BsonDocument.Empty, cancellationToken);
            foreach (var lines in File.ReadLines(file).Chunk(BatchSize))
                await database.Collection(name).InsertAsync(lines.Select(BsonDocument.FromJson), new WriteOptions(), cancellationToken);
        }
    }
}
