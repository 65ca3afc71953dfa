using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Sandbox;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>
/// kill -9 of the tool at one command that it sends: right before the server carries it out, or right after, with nobody left to hear the answer. The same command line
/// again ends where an undisturbed one ends, and whoever reads meanwhile sees each collection whole: the old one or the new one.
/// </summary>
public sealed class KilledAtTests
{
    private const int Users = 4020;
    private const int FormerUsers = 2;
    private const string Shadow = "User__eclusier_2";
    private const string Kept = "User__eclusier_kept_";

    [Theory]
    [InlineData("insert", "__eclusier", CommandMoment.After)] // The lock is taken.
    [InlineData("create", Shadow, CommandMoment.Before)]
    [InlineData("create", Shadow, CommandMoment.After)]
    [InlineData("insert", Shadow, CommandMoment.Before)]
    [InlineData("insert", Shadow, CommandMoment.After, 2)] // Written, and not in the ledger.
    [InlineData("update", "__eclusier", CommandMoment.After)] // In the ledger.
    [InlineData("find", Shadow, CommandMoment.Before)] // Copied, and not read back.
    [InlineData("createIndexes", Shadow, CommandMoment.Before)]
    [InlineData("createIndexes", Shadow, CommandMoment.After)]
    [InlineData("insert", Kept, CommandMoment.After)] // The former collection is being kept.
    [InlineData("find", Kept, CommandMoment.Before)]
    [InlineData("renameCollection", "production.Attachment__eclusier_2", CommandMoment.Before)] // There was none of that name before.
    [InlineData("renameCollection", "production.Attachment__eclusier_2", CommandMoment.After)]
    [InlineData("renameCollection", "production.Message__eclusier_2", CommandMoment.Before)]
    [InlineData("renameCollection", "production.Message__eclusier_2", CommandMoment.After)]
    [InlineData("renameCollection", "production.User__eclusier_2", CommandMoment.After)] // The last one.
    [InlineData("delete", "__eclusier", CommandMoment.Before)] // The lock is given back.
    public async Task A_migration(string command, string target, CommandMoment moment, int number = 1)
    {
        await using var project = await FilledAsync();

        await KilledAsync(project, ["migrate", "--yes"], command, target, moment, number);
        await ReadWhileAsync(project, ["migrate", "--yes"]);

        await AssertMigratedAsync(project);
    }

    [Theory]
    [InlineData("renameCollection", "production.User__eclusier_kept_", CommandMoment.Before)]
    [InlineData("renameCollection", "production.User__eclusier_kept_", CommandMoment.After)]
    [InlineData("renameCollection", "production.Attachment", CommandMoment.After)] // It is to go, and is back under its other name.
    [InlineData("drop", "Attachment__eclusier_2", CommandMoment.After)]
    [InlineData("delete", "__eclusier", CommandMoment.Before)] // Of the first record: its collection is back.
    public async Task A_rollback(string command, string target, CommandMoment moment)
    {
        await using var project = await MigratedAsync("");

        await KilledAsync(project, ["rollback", "--yes"], command, target, moment);
        await ReadWhileAsync(project, ["rollback", "--yes"]);

        await AssertFormerAsync(project);
    }

    [Theory]
    [InlineData("create", "User__eclusier_restore_", CommandMoment.After)]
    [InlineData("insert", "User__eclusier_restore_", CommandMoment.After)]
    [InlineData("renameCollection", "production.Message__eclusier_restore_", CommandMoment.Before)]
    [InlineData("renameCollection", "production.Message__eclusier_restore_", CommandMoment.After)]
    [InlineData("drop", "Attachment", CommandMoment.Before)] // The backup does not have it.
    public async Task A_restore_in_place(string command, string target, CommandMoment moment)
    {
        await using var project = await MigratedAsync("backup: { to: [./backups], copies: 1 }");
        var backup = Path.GetFileName(Directory.GetDirectories(Path.Combine(project.Folder, "backups")).Single());

        await KilledAsync(project, ["rollback", "--restore", backup, "--in-place", "--yes"], command, target, moment);
        await ReadWhileAsync(project, ["rollback", "--restore", backup, "--in-place", "--yes"]);

        await AssertFormerAsync(project);
    }

    [Theory]
    [InlineData("drop", "User__eclusier_kept_", CommandMoment.Before)]
    [InlineData("drop", "User__eclusier_kept_", CommandMoment.After)]
    [InlineData("drop", "call_sessions", CommandMoment.After)]
    public async Task A_maintenance(string command, string target, CommandMoment moment)
    {
        await using var project = await MigratedAsync("", MongoProject.Collections.Replace("48h", "1ms", StringComparison.Ordinal));

        await KilledAsync(project, ["maintain", "--yes"], command, target, moment);
        await ReadWhileAsync(project, ["maintain", "--yes"]);

        Assert.Equal(["Attachment", "Message", "User"], await project.ProductionNamesAsync());
        Assert.Empty(await project.OwnNamesAsync());
        Assert.Equal(Users, await project.CountAsync("User"));
    }

    private static async Task<MongoProject> FilledAsync()
    {
        var project = await MongoProject.CreateAsync();
        await MongoProject.InsertAsync(project.Staging.Collection("User"), Enumerable.Range(1000, 4000).Select(n => $$"""{ "_id": {{n}}, "name": "user {{n}}" }"""));
        return project;
    }

    private static async Task<MongoProject> MigratedAsync(string more, string collections = MongoProject.Collections)
    {
        var project = (await FilledAsync()).Runbook(more, collections: collections);
        var result = await project.RunAsync("migrate", "--yes");
        Assert.True(result.ExitCode == 0, result.ToString());
        return project;
    }

    /// <summary>Starts the tool, and kills it at a command. No other command of it is carried out afterwards.</summary>
    private static async Task KilledAsync(MongoProject project, string[] arguments, string command, string target, CommandMoment moment, int number = 1)
    {
        using var process = Cli.Start(arguments, project.Folder, project.Environment());
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        var (seen, killed) = (0, false);
        project.CloseWhen = (body, at) =>
        {
            if (killed || at != moment || !Is(body, command, target) || ++seen < number)
                return killed && IsOfTool(body);
            process.Kill();
            process.WaitForExit();
            killed = true;
            return true;
        };
        await ReadUntilAsync(project, process.WaitForExitAsync(TestContext.Current.CancellationToken));
        project.CloseWhen = null;
        Assert.True(killed, $"{command} {target} never came.\n{await output}\n{await error}");
    }

    private static bool Is(BsonDocument body, string command, string target) =>
        body.First() is var first && first.Name == command && first.Value.Type == BsonType.String && first.Value.AsString.StartsWith(target, StringComparison.Ordinal);

    /// <summary>What it had sent may still be on its way; the test itself only reads.</summary>
    private static bool IsOfTool(BsonDocument body) => body.First().Name is "insert" or "update" or "delete" or "create" or "createIndexes" or "renameCollection" or "drop";

    private static async Task ReadWhileAsync(MongoProject project, string[] arguments)
    {
        var run = project.RunAsync(arguments);
        await ReadUntilAsync(project, run);
        var result = await run;
        Assert.True(result.ExitCode == 0, result + Fault(project));
    }

    private static string Fault(MongoProject project) =>
        Path.Combine(project.Folder, ".eclusier", "faults") is var faults && Directory.Exists(faults) ? string.Join('\n', Directory.GetFiles(faults).Select(File.ReadAllText)) : "";

    /// <summary>A count is one command: one moment of the collection.</summary>
    private static async Task ReadUntilAsync(MongoProject project, Task done)
    {
        while (true)
        {
            var isLast = done.IsCompleted;
            Assert.Contains(await project.CountAsync("User"), new long[] { FormerUsers, Users });
            Assert.Contains(await project.CountAsync("Message"), new long[] { 1, 50 });
            Assert.Contains(await project.CountAsync("Attachment"), new long[] { 0, 2 });
            if (isLast)
                break;
            await Task.WhenAny(done, Task.Delay(5, TestContext.Current.CancellationToken));
        }
        await done;
    }

    private static async Task AssertMigratedAsync(MongoProject project)
    {
        Assert.Equal(["Attachment", "Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal(await DocumentsAsync(project.Staging.Collection("User")), await DocumentsAsync(project.Production.Collection("User")));
        Assert.Equal("bonjour 40", (await project.FindAsync("Message", """{ "_id": 40 }"""))!["translations"].AsDocument["fr"].AsDocument["text"].AsString);
        Assert.Equal("https://example.com/a.png", (await project.FindAsync("Attachment", """{ "_id": 1 }"""))!["fileUrl"].AsString);
        Assert.Contains(await project.Production.Collection("User").ListIndexesAsync(TestContext.Current.CancellationToken), index => index["name"].AsString == "name_1");
        var own = await project.OwnNamesAsync();
        Assert.Equal(["Message", "User"], own.Select(name => name.Split("__eclusier_kept_")[0]));
        Assert.Equal(["user 1", "only in production"], (await DocumentsAsync(project.Production.Collection(own[1]))).Select(user => user["name"].AsString));
        Assert.Equal("old", Assert.Single(await DocumentsAsync(project.Production.Collection(own[0])))["text"].AsString);
    }

    private static async Task AssertFormerAsync(MongoProject project)
    {
        Assert.Equal(["Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal(["user 1", "only in production"], (await DocumentsAsync(project.Production.Collection("User"))).Select(user => user["name"].AsString));
        Assert.Equal("old", Assert.Single(await DocumentsAsync(project.Production.Collection("Message")))["text"].AsString);
        Assert.Empty(await project.OwnNamesAsync());
        Assert.DoesNotContain(await project.Client.ListDatabasesAsync(TestContext.Current.CancellationToken), name => name.StartsWith("eclusier_", StringComparison.Ordinal));
    }

    private static async Task<List<BsonDocument>> DocumentsAsync(MongoCollection collection)
    {
        var documents = new List<BsonDocument>();
        await foreach (var batch in collection.FindAsync(BsonDocument.Empty, new FindOptions { Sort = BsonDocument.Of(("_id", 1)) }, TestContext.Current.CancellationToken))
            documents.AddRange(batch);
        return documents;
    }
}
