namespace Eclusier.EndToEnd.Mongo;

/// <summary>A run that is killed goes on where it was.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData("\"phase\":\"plan\"")]
    [InlineData("\"phase_started\",\"previous\"")]
    [InlineData("\"event\":\"step_started\"")]
    [InlineData("\"migration\":\"Message\",\"name\":\"\",\"file\":\"staging.Message\",\"status\":\"pending\"")]
    [InlineData("\"migration\":\"User\",\"name\":\"\",\"file\":\"staging.User\",\"status\":\"pending\"")]
    [InlineData("\"phase\":\"verify\"")]
    public async Task Killed_anywhere_the_next_run_finishes(string sign)
    {
        await using var project = await MongoProject.CreateAsync();
        await MongoProject.InsertAsync(project.Staging.Collection("User"), Enumerable.Range(1000, 4000).Select(n => $$"""{ "_id": {{n}}, "name": "user {{n}}" }"""));
        using (var process = Cli.Start(["migrate", "--yes"], project.Folder, project.Environment()))
        {
            while (!process.HasExited && !project.Journal().Contains(sign, StringComparison.Ordinal))
                await Task.Delay(2, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["Attachment", "Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal(4020, await project.CountAsync("User"));
        Assert.Equal(["Message", "User"], (await project.OwnNamesAsync()).Select(name => name.Split("__eclusier_kept_")[0]));
        var back = await project.RunAsync("rollback", "--yes");
        Assert.True(back.ExitCode == 0, back.ToString());
        Assert.Equal(2, await project.CountAsync("User"));
        Assert.Empty(await project.OwnNamesAsync());
    }
}
