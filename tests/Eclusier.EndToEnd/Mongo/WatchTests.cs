using System.Diagnostics;
using System.Text.Json;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>Watching after a run: of MongoDB, of PostgreSQL.</summary>
public sealed class WatchTests(PostgresServer server)
{
    private const string Watched = "watch: { for: 2s, every: 200ms }\nchecks: [ { name: users, count: User, equals: 2 } ]";

    [Fact]
    public async Task It_says_nothing_while_all_is_well()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(Watched);

        var result = await project.RunAsync("watch");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // That it watches.
    }

    [Fact]
    public async Task A_check_that_begins_to_fail_is_one_line_and_exit_code_5()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(Watched);
        using var process = Cli.Start(["watch"], project.Folder, project.Environment());
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.Delay(1000, TestContext.Current.CancellationToken);

        await MongoProject.InsertAsync(project.Production.Collection("User"), """{ "_id": 3, "name": "more" }""");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(5, process.ExitCode);
        Assert.Contains("users: expected 2, found 3", Assert.Single((await output).Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_what_was_seen_so_far()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(Watched.Replace("2s", "1h", StringComparison.Ordinal));
        using var process = Cli.Start(["watch", "--format", "json"], project.Folder, project.Environment());
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        using var json = JsonDocument.Parse(await output);
        Assert.True(json.RootElement.GetProperty("rounds").GetInt32() > 0);
    }

    [Fact]
    public async Task A_restart_of_the_server_is_survived()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(Watched.Replace("2s", "5s", StringComparison.Ordinal));
        var environment = project.Environment();
        var url = new Uri(environment["PRODUCTION_URL"]!);
        await using var relay = new Relay(url.Port);
        environment["PRODUCTION_URL"] = $"{environment["PRODUCTION_URL"]!.Replace($":{url.Port}", $":{relay.Port}", StringComparison.Ordinal)}&serverSelectionTimeoutMS=300";
        using var process = Cli.Start(["watch"], project.Folder, environment);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        await relay.StopAsync();
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        relay.Start();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await output);
        Assert.Equal(["not reached, asked again", "reached again"], (await output).Trim().Split('\n').Select(line => line.Split("  ")[1].Split(':')[0]));
    }

    [Fact]
    public async Task A_runbook_of_migrations_is_watched_and_has_nothing_to_maintain()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("watch: { for: 1s, every: 200ms }\nchecks: [ { name: one, sql: select 1, equals: 2 } ]");

        var watched = await project.RunAsync("watch");
        var maintained = await project.RunAsync("maintain");

        Assert.True(watched.ExitCode == 5, watched.ToString());
        Assert.Contains("one: expected 2, found 1", watched.Output, StringComparison.Ordinal);
        Assert.True(maintained.ExitCode == 0, maintained.ToString());
        Assert.Contains("nothing to maintain", maintained.Output, StringComparison.Ordinal);
    }
}
