using System.Text.Json;
using Eclusier.Mongo.Bson;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>The way back: by what was kept, and by a backup.</summary>
public sealed class BackTests
{
    [Fact]
    public async Task A_rollback_puts_back_what_was_there_and_removes_what_was_not()
    {
        await using var project = await MongoProject.CreateAsync();
        await project.RunAsync("migrate", "--yes");
        await MongoProject.InsertAsync(project.Production.Collection("User"), """{ "_id": 888, "name": "since" }""");

        var result = await project.RunAsync("rollback", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var loss = Assert.Single(json.RootElement.GetProperty("rollback").GetProperty("losses").EnumerateArray());
        Assert.Equal(("User", 21L), (loss.GetProperty("relation").GetString(), loss.GetProperty("rows").GetInt64()));
        Assert.Equal(["Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Empty(await project.OwnNamesAsync());
        Assert.Equal("old", (await project.FindAsync("Message", """{ "_id": 1 }"""))!["text"].AsString);
        Assert.Equal(2, await project.CountAsync("User"));

        var again = await project.RunAsync("rollback", "--yes");
        Assert.True(again.ExitCode == 2, again.ToString());
    }

    [Fact]
    public async Task A_run_in_whose_place_another_one_stands_cannot_be_undone_by_itself()
    {
        await using var project = await MongoProject.CreateAsync();
        await project.RunAsync("migrate", "--yes");
        var first = Path.GetFileName(Directory.GetDirectories(Path.Combine(project.Folder, ".eclusier", "runs")).Single());
        await MongoProject.InsertAsync(project.Staging.Collection("User"), """{ "_id": 21, "name": "user 21" }""");
        await project.RunAsync("migrate", "--yes");

        var covered = await project.RunAsync("rollback", "--run", first, "--yes");
        Assert.True(covered.ExitCode == 3, covered.ToString());
        Assert.Contains("is not what that run put there", covered.Error, StringComparison.Ordinal);

        var newest = await project.RunAsync("rollback", "--yes");

        Assert.True(newest.ExitCode == 0, newest.ToString());
        Assert.Equal(20, await project.CountAsync("User"));
        var older = await project.RunAsync("rollback", "--run", first, "--yes");
        Assert.True(older.ExitCode == 0, older.ToString());
        Assert.Equal(2, await project.CountAsync("User"));
    }

    [Fact]
    public async Task A_rollback_is_tried_on_a_restored_copy_first()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }");
        await project.RunAsync("migrate", "--yes");

        var result = await project.RunAsync("rollback", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("3 collections put back on a restored copy", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, await project.CountAsync("User"));
    }

    [Fact]
    public async Task Versions_mean_nothing_to_collections()
    {
        await using var project = await MongoProject.CreateAsync();

        var result = await project.RunAsync("rollback", "--to", "1", "--yes");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("no versions", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_goes_back_in_place()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("backup: { to: [./backups], copies: 1 }");
        var migrated = await project.RunAsync("migrate", "--yes");
        Assert.True(migrated.ExitCode == 0, migrated.ToString());

        var refused = await project.RunAsync("rollback", "--restore", "--yes");
        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("MongoDB cannot rename a database", refused.Error, StringComparison.Ordinal);

        var result = await project.RunAsync("rollback", "--restore", "--in-place", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal("old", (await project.FindAsync("Message", """{ "_id": 1 }"""))!["text"].AsString);
        Assert.DoesNotContain(await project.Client.ListDatabasesAsync(TestContext.Current.CancellationToken), name => name.StartsWith("eclusier_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dump_is_files_with_checksums_and_an_altered_one_is_found()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("backup: { to: [./backups, ./offsite], copies: 2, max_age: 1h }");

        var result = await project.RunAsync("backup", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var manifest = json.RootElement.GetProperty("backup").GetProperty("manifest");
        Assert.Contains(manifest.GetProperty("files").EnumerateArray(), file => file.GetProperty("path").GetString() == "production/User.bson.gz");
        Assert.Equal(2, manifest.GetProperty("dump").GetProperty("row_counts").GetProperty("User").GetInt64());
        var copy = Directory.GetFiles(Path.Combine(project.Folder, "offsite"), "User.bson.gz", SearchOption.AllDirectories).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        await File.AppendAllTextAsync(copy, "x", TestContext.Current.CancellationToken);

        var refused = await project.RunAsync("migrate", "--yes");
        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("production/User.bson.gz", refused.Error, StringComparison.Ordinal);
        Assert.Equal("old", (await project.Production.Collection("Message").FindOneAsync(BsonDocument.Empty, TestContext.Current.CancellationToken))!["text"].AsString);
    }
}
