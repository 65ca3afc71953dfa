using System.Text.Json;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>What is dropped some time after a run, and not before.</summary>
public sealed class MaintainTests
{
    private static readonly string AtOnce = MongoProject.Collections.Replace("48h", "1ms", StringComparison.Ordinal);

    [Fact]
    public async Task Before_its_time_nothing_is_dropped()
    {
        await using var project = await MongoProject.CreateAsync();
        var early = await project.RunAsync("maintain", "--yes");
        Assert.True(early.ExitCode == 3, early.ToString());
        await project.RunAsync("migrate", "--yes");

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("48 h wanted", result.Error, StringComparison.Ordinal);
        Assert.Contains("call_sessions: legacy, 2 documents", result.Error, StringComparison.Ordinal);
        Assert.Contains("call_sessions", await project.ProductionNamesAsync());
        Assert.Equal(2, (await project.OwnNamesAsync()).Count);
    }

    [Fact]
    public async Task After_it_legacy_and_kept_collections_go_and_a_backup_is_taken_first()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("backup: { to: [./backups], copies: 1 }", collections: AtOnce);
        await project.RunAsync("migrate", "--yes");

        var result = await project.RunAsync("maintain", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("maintain", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("steps").GetArrayLength());
        Assert.False(json.RootElement.GetProperty("backup").GetProperty("reused").GetBoolean());
        Assert.Equal(["Attachment", "Message", "User"], await project.ProductionNamesAsync());
        Assert.Empty(await project.OwnNamesAsync());
        Assert.Contains("Collections dropped", project.Report(), StringComparison.Ordinal);
        var again = await project.RunAsync("maintain");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("nothing to maintain", again.Output, StringComparison.Ordinal);
        var back = await project.RunAsync("rollback", "--yes");
        Assert.NotEqual(0, back.ExitCode);
        Assert.Equal(20, await project.CountAsync("User"));
    }

    [Fact]
    public async Task A_protected_environment_is_asked_about()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(collections: AtOnce);
        await project.RunAsync("migrate", "--yes");
        project.Runbook(production: "protected: true", collections: AtOnce);

        var result = await project.RunAsync("maintain", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        var approved = await project.RunAsync("maintain", "--approve", result.Error.Split("--approve ")[1].Split(['`', ',', ' '])[0]);
        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Empty(await project.OwnNamesAsync());
    }
}
