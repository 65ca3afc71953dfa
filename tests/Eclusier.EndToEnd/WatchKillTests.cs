using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>kill -9 of a watch: the next one goes on with it.</summary>
public sealed class WatchKillTests(PostgresServer server)
{
    [Fact]
    public async Task A_watch_that_was_killed_goes_on_to_the_same_end_and_does_not_notify_twice()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople()
            .Runbook("watch: { for: 5s, every: 200ms, notify: { command: \"cat > /dev/null; echo $ECLUSIER_EVENT >> notified\" } }\nchecks: [ { name: one, sql: select 1, equals: 2 } ]");
        var notified = Path.Combine(project.Folder, "notified");
        var state = Path.Combine(project.Folder, ".eclusier", "watch", "production.json");

        DateTimeOffset started;
        using (var killed = Cli.Start(["watch"], project.Folder, project.Environment()))
        {
            // Sent and noted as sent: what is cut off in between is sent again with the same id.
            await UntilAsync(() => File.Exists(notified) && File.ReadAllText(state) is var kept && kept.Contains("\"outbox\":[]", StringComparison.Ordinal));
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
            started = StartedAt(await File.ReadAllTextAsync(state, TestContext.Current.CancellationToken));
        }

        var next = await project.RunAsync("watch", "--format", "json");
        var anew = await project.RunAsync("watch", "--anew", "--format", "json");

        Assert.True(next.ExitCode == 5, next.ToString());
        Assert.Equal(started, StartedAt(next.Output));
        using var json = JsonDocument.Parse(next.Output);
        Assert.Equal(1, json.RootElement.GetProperty("resumed").GetInt32());
        Assert.Equal("one", Assert.Single(json.RootElement.GetProperty("failures").EnumerateArray()).GetProperty("check").GetProperty("name").GetString());
        Assert.NotEqual(started, StartedAt(anew.Output));
        Assert.Equal(["began", "began"], await File.ReadAllLinesAsync(notified, TestContext.Current.CancellationToken));
    }

    private static DateTimeOffset StartedAt(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("started_at").GetDateTimeOffset();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!holds())
            await Task.Delay(20, patience.Token);
    }
}
