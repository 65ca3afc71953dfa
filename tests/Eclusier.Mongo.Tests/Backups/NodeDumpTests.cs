using Eclusier.Files;
using Eclusier.Mongo.Backups;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests.Backups;

/// <summary>A dump, judged by a reader of BSON that shares no code with ours.</summary>
public sealed class NodeDumpTests(MongoServer server)
{
    [Fact]
    public async Task A_reader_in_node_finds_every_type_as_it_was()
    {
        using var folder = new TemporaryFolder();
        await NodePackages.InstallAsync(folder.Path);
        var database = server.NewDatabase();
        await database.Collection("every type").InsertAsync([EveryType.Document], new WriteOptions(), Token);
        var dump = await MongoDump.WriteAsync(server.Client, database.Name, folder.Path, new CopyOptions(), Token);
        var (script, expected) = (Path.Combine(folder.Path, "dump.mjs"), Path.Combine(folder.Path, "every-type.json"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "dump.mjs"), script);
        await File.WriteAllTextAsync(expected, EveryType.Json, Token);
        var (documents, metadata) = (Path.Combine(folder.Path, dump.Collections[0].Documents!.Path), Path.Combine(folder.Path, dump.Collections[0].Metadata.Path));

        var result = await ChildProcess.RunAsync("node", [script, documents, metadata, expected], null, Token);

        Assert.True(result.Output == "all equal\n", result.Error);
    }
}
