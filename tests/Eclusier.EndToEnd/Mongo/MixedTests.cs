using System.Text.Json;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>One runbook for both: migrations on PostgreSQL first, then collections on MongoDB.</summary>
public sealed class MixedTests(PostgresServer server)
{
    [Fact]
    public async Task Both_are_done_in_order_each_with_its_own_checks_and_report()
    {
        await using var project = await MixedAsync("create table t (id int);");

        var result = await project.RunAsync("migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var runs = json.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["relational", "production"], runs.Select(run => run.GetProperty("environment").GetString()));
        Assert.All(runs, run => Assert.True(File.Exists(run.GetProperty("report").GetProperty("html").GetString())));
        Assert.Equal(["table is there"], Names(runs[0]));
        Assert.Contains("users", Names(runs[1]));
        Assert.DoesNotContain("table is there", Names(runs[1]));
        Assert.Equal(20, await project.CountAsync("User"));
    }

    [Fact]
    public async Task The_second_is_not_begun_when_the_first_does_not_end_well()
    {
        await using var project = await MixedAsync("this is no SQL;");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Equal(2, await project.CountAsync("User"));
    }

    [Fact]
    public async Task Env_chooses_one()
    {
        await using var project = await MixedAsync("this is no SQL;");

        var result = await project.RunAsync("migrate", "--env", "production", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("\"environment\": \"production\"", result.Output, StringComparison.Ordinal);
        Assert.Equal(20, await project.CountAsync("User"));
    }

    private static IEnumerable<string?> Names(JsonElement run) => run.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString());

    private async Task<MongoProject> MixedAsync(string sql)
    {
        var project = await MongoProject.CreateAsync();
        var url = await server.NewDatabaseAsync();
        Directory.CreateDirectory(Path.Combine(project.Folder, "migrations"));
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "migrations", "001_t.sql"), sql, TestContext.Current.CancellationToken);
        project.Runbook(
            """
            migrations: { path: migrations, target: relational }
            policy: { forbid: [drop-table], allow: [ { hazard: lost-documents, because: known } ] }
            checks:
              - { name: table is there, sql: "select to_regclass('t')::text", equals: t }
              - { name: users, count: User, equals: 20 }
            """);
        var file = Path.Combine(project.Folder, "eclusier.yaml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("environments:", $"environments:\n  relational: {{ url: \"{url.Reveal()}\" }}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        return project;
    }
}
