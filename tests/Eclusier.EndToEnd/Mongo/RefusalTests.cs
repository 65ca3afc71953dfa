namespace Eclusier.EndToEnd.Mongo;

/// <summary>Each of these is refused, and production stays as it was.</summary>
public sealed class RefusalTests
{
    [Fact]
    public Task Documents_that_only_production_has() => RefusedAsync("policy: { max_risk: medium }", "1 document is only in the target");

    [Fact]
    public Task A_forbidden_hazard() => RefusedAsync("policy: { forbid: [replace-collection] }", "replace-collection");

    [Fact]
    public Task A_check_that_does_not_hold_before() => RefusedAsync("checks: [ { name: calls, count: call_sessions, equals: 3, before: true } ]", "expected 3, found 2");

    [Fact]
    public Task A_rehearsal_in_which_a_check_fails() => RefusedAsync(
        "backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }\nchecks: [ { name: users, count: User, equals: 3 } ]", "expected 3, found 20");

    [Fact]
    public Task An_index_on_a_collection_that_is_not_copied() => RefusedAsync(
        "", "Nothing has transforms or indexes, but is not copied", MongoProject.Collections.Replace("{ on: Message,", "{ on: Nothing,", StringComparison.Ordinal));

    [Fact]
    public Task Duplicates_under_a_unique_index_found_in_the_rehearsal() => RefusedAsync(
        "backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }", "not unique",
        MongoProject.Collections.Replace("keys: { conversationId: 1, createdAt: -1 } }", "keys: { conversationId: 1 }, unique: true }", StringComparison.Ordinal));

    [Fact]
    public async Task An_allowed_hazard_is_named_with_its_reason()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("policy: { max_risk: low, allow: [ { hazard: lost-documents, because: test users }, { hazard: replace-collection, because: staging is right }, { hazard: lost-children, migration: Message, because: known } ] }");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("test users", project.Report(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protected_environment_needs_the_id_of_this_very_plan()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(production: "protected: true");

        var refused = await project.RunAsync("migrate", "--yes");
        Assert.True(refused.ExitCode == 3, refused.ToString());
        var id = refused.Error.Split("--approve ")[1].Split(['`', ',', ' '])[0];
        await MongoProject.InsertAsync(project.Staging.Collection("User"), """{ "_id": 21, "name": "new" }""");
        var changed = await project.RunAsync("migrate", "--approve", id);
        Assert.True(changed.ExitCode == 3, changed.ToString());
        var approved = await project.RunAsync("migrate", "--approve", changed.Error.Split("the plan is now ")[1][..16]);

        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Equal(21, await project.CountAsync("User"));
    }

    [Fact]
    public async Task Two_runs_at_once()
    {
        await using var project = await MongoProject.CreateAsync();
        await MongoProject.InsertAsync(project.Production.Collection("__eclusier"),
            $$"""{ "_id": "lock", "token": "t", "holder": "ann on laptop", "host": "laptop", "pid": 1, "since": { "$date": "2026-01-01T00:00:00Z" }, "until": { "$date": "{{DateTimeOffset.UtcNow.AddMinutes(1):O}}" } }""");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.Contains("ann on laptop", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_in_no_output_and_no_file()
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook("backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }");

        CliResult[] results =
        [
            await project.RunAsync("inspect", "--format", "json"), await project.RunAsync("plan"), await project.RunAsync("migrate", "--yes"),
            await Cli.RunAsync(["plan"], project.Folder, new Dictionary<string, string?>(project.Environment(), StringComparer.Ordinal) { ["PRODUCTION_URL"] = $"mongodb://ann:{project.Password}@127.0.0.1:1/production?serverSelectionTimeoutMS=200" }),
        ];

        Assert.Equal(7, results[^1].ExitCode);
        Assert.All(results, result => Assert.DoesNotContain(project.Password, $"{result.Output}{result.Error}", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(project.Folder, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain(project.Password, File.ReadAllText(file), StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(string more, string because, string collections = MongoProject.Collections)
    {
        await using var project = (await MongoProject.CreateAsync()).Runbook(more, collections: collections);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains(because, result.Error, StringComparison.Ordinal);
        Assert.Equal(["Message", "User", "call_sessions"], await project.ProductionNamesAsync());
        Assert.Equal(2, await project.CountAsync("User"));
        Assert.Empty(await project.OwnNamesAsync());
    }
}
