using System.Collections.Concurrent;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Sandbox;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>Collections are copied while others are put in their place; each takes its place in its turn.</summary>
public sealed class CopiesAheadTests
{
    [Fact]
    public async Task The_next_collections_are_copied_while_the_first_one_is()
    {
        await using var project = await MongoProject.CreateAsync();
        await MongoProject.InsertAsync(project.Staging.Collection("Attachment"), Enumerable.Range(1000, 60_000).Select(id => $$"""{ "_id": {{id}}, "fileUrl": "https://staging.example.com/{{id}}" }"""));
        var written = new ConcurrentQueue<string>();
        project.CloseWhen = (command, moment) =>
        {
            if (moment == CommandMoment.After && command.Get("insert") is { Type: BsonType.String } into && into.AsString.Contains("__eclusier_", StringComparison.Ordinal))
                written.Enqueue(into.AsString.Split("__")[0]);
            return false;
        };

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        var order = written.ToList();
        Assert.InRange(order.FindIndex(name => name != "Attachment"), 0, order.LastIndexOf("Attachment"));
        Assert.Equal(60_002, await project.CountAsync("Attachment"));
    }

    [Fact]
    public async Task When_one_fails_nothing_stays_of_those_that_were_begun_for_the_next()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(
            collections: MongoProject.Collections.Replace("{ on: Message, keys: { conversationId: 1, createdAt: -1 } }", "{ on: Attachment, keys: { kind: 1 }, unique: true }", StringComparison.Ordinal));
        await MongoProject.InsertAsync(project.Staging.Collection("Attachment"), """{ "_id": 901, "kind": "same" }""", """{ "_id": 902, "kind": "same" }""");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains("not unique", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(await project.OwnNamesAsync(), name => name.Contains("__eclusier_", StringComparison.Ordinal));
    }
}
