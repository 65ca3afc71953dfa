using System.Text.Json;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>The phases of a copy of collections, one command each, and all of them.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task Inspect_tells_what_is_there_and_what_the_runbook_says_of_it()
    {
        await using var project = await MongoProject.CreateAsync();

        var text = await project.RunAsync("inspect");
        var json = await project.RunAsync("inspect", "--format", "json");

        Assert.True(text.ExitCode == 0, text.ToString());
        Assert.Contains("MongoDB 6.0.0 (stand-in)", text.Output, StringComparison.Ordinal);
        Assert.Contains("! 1 of MessageTranslation have no Message", text.Output, StringComparison.Ordinal);
        using var found = JsonDocument.Parse(json.Output);
        var roles = found.RootElement.GetProperty("collections").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("role").GetString());
        Assert.Equal("copied", roles["User"]);
        Assert.Equal("legacy", roles["call_sessions"]);
    }

    [Fact]
    public async Task The_plan_says_of_each_collection_what_becomes_of_it()
    {
        await using var project = await MongoProject.CreateAsync();

        var result = await project.RunAsync("plan", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var steps = json.RootElement.GetProperty("steps").EnumerateArray().ToDictionary(step => step.GetProperty("migration").GetString()!);
        Assert.Equal(["Attachment", "Draft", "Message", "MessageTranslation", "User"], steps.Keys.Order(StringComparer.Ordinal));
        string? Action(string name) => steps[name].GetProperty("collection").GetProperty("action").GetString();
        Assert.Equal(["new", "ignored", "replace", "embedded", "replace"], steps.Keys.Order(StringComparer.Ordinal).Select(Action));
        Assert.Equal("high", steps["User"].GetProperty("risk").GetString());
        Assert.Equal(1, steps["User"].GetProperty("collection").GetProperty("only_in_target").GetInt64());
        var embed = steps["Message"].GetProperty("collection").GetProperty("transforms")[0];
        Assert.Equal(1, embed.GetProperty("orphans").GetProperty("count").GetInt64());
        Assert.Equal(40, embed.GetProperty("values").GetInt64());
    }

    [Fact]
    public async Task A_run_goes_through_all_phases_and_leaves_its_evidence()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(
            """
            backup: { to: [./backups, ./offsite], copies: 2 }
            rehearsal: { on: sandbox }
            invariants:
              - { name: calls, count: call_sessions }
            checks:
              - { name: messages, count: Message, equals: 50 }
              - { name: french, count: Message, filter: { "translations.fr": { $exists: true } }, equals: 40 }
              - { name: one user, find: User, filter: { _id: 7 }, fields: { _id: 0, name: 1 }, equals: user 7 }
              - { name: conversations, aggregate: Message, pipeline: [ { $group: { _id: $conversationId } } ], rows: 5, under: 5s }
            """);

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var run = json.RootElement;
        Assert.Equal("go", run.GetProperty("decision").GetProperty("outcome").GetString());
        Assert.Equal([true, true], run.GetProperty("backup").GetProperty("copies").EnumerateArray().Select(copy => copy.GetProperty("verified").GetBoolean()));
        Assert.True(run.GetProperty("backup").GetProperty("restore").GetProperty("passed").GetBoolean());
        Assert.True(run.GetProperty("rehearsal").GetProperty("passed").GetBoolean());
        Assert.Equal("proven", run.GetProperty("rehearsal").GetProperty("rollback").GetString());
        Assert.All(run.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("passed").GetBoolean(), check.ToString()));
        Assert.Equal(["Attachment", "Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal(["Message", "User"], (await project.OwnNamesAsync()).Select(name => name.Split("__eclusier_kept_")[0]));
        Assert.Equal("bonjour 7", (await project.FindAsync("Message", """{ "_id": 7 }"""))!["translations"].AsDocument["fr"].AsDocument["text"].AsString);
        Assert.Equal("basic", (await project.FindAsync("Message", """{ "_id": 7 }"""))!["translations"].AsDocument["fr"].AsDocument["model"].AsString);
        Assert.Equal("https://example.com/a.png", (await project.FindAsync("Attachment", """{ "_id": 1 }"""))!["fileUrl"].AsString);
        Assert.Contains((await project.Production.Collection("Message").ListIndexesAsync(TestContext.Current.CancellationToken)).Select(index => index["name"].AsString), name => name == "conversationId_1_createdAt_-1");
        Assert.Contains("99", project.Report(), StringComparison.Ordinal);

        var again = await project.RunAsync("migrate", "--yes", "--format", "json");
        Assert.Contains("\"nothing_to_do\"", again.Output, StringComparison.Ordinal);
    }
}
