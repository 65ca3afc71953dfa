using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The environment that the target should equal afterwards: compared on the restored copy, and again on the target.</summary>
public sealed class ReferenceTests(PostgresServer server)
{
    private const string People = "create table people (id int primary key, role text not null); alter table people add column email text; create table visits (id int primary key, person int references people); create index visits_person on visits (person);";
    private const string Rehearsed = "rehearsal: { on: sandbox }";

    [Fact]
    public async Task An_equal_reference_is_a_criterion_and_a_section_of_the_report()
    {
        // Neither tracking tables nor what a platform brings along count; that of the reference could not even be read.
        await using var staging = await StagingAsync($"{People} create table schema_migrations (other int); create schema auth; create table auth.users (id int);");
        await using var project = await ProjectAsync(Rehearsed);

        var result = await RunAsync(project, staging, "migrate", "--yes", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var (criterion, reference) = (Criterion(json), json.RootElement.GetProperty("reference"));
        Assert.Equal(("passed", "Equals staging afterwards"), (criterion.GetProperty("verdict").GetString(), criterion.GetProperty("title").GetString()));
        Assert.True(json.RootElement.GetProperty("rehearsal").GetProperty("reference").GetProperty("comparison").GetProperty("equal").GetBoolean());
        Assert.Equal("staging", reference.GetProperty("environment").GetString());
        var comparison = reference.GetProperty("comparison");
        Assert.True(comparison.GetProperty("equal").GetBoolean());
        Assert.Equal(comparison.GetProperty("left_fingerprint").GetString(), comparison.GetProperty("right_fingerprint").GetString());
        var report = await ReportAsync(json);
        Assert.Contains("## Comparison with staging", report, StringComparison.Ordinal);
        Assert.Equal(3, report.Split(comparison.GetProperty("left_fingerprint").GetString()!).Length);
    }

    [Fact]
    public async Task What_would_differ_afterwards_is_a_no_go_that_names_it()
    {
        await using var staging = await StagingAsync(People + string.Concat(Enumerable.Range(1, 7).Select(number => $"create table extra_{number} (id int);")));
        await using var project = await ProjectAsync(Rehearsed);

        var rehearsed = await RunAsync(project, staging, "rehearse");
        var result = await RunAsync(project, staging, "migrate", "--yes");

        Assert.True(rehearsed.ExitCode == 3, rehearsed.ToString());
        Assert.Contains("7 differences from staging", rehearsed.Error, StringComparison.Ordinal);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("table public.extra_5 is only in staging; and 2 more", result.Error, StringComparison.Ordinal);
        Assert.Contains("Add a migration, or name it under `ignore`.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("extra_6", result.Error, StringComparison.Ordinal);
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));

        Write(project, $"{Rehearsed}\nignore: [\"public.extra_*\"]");
        Assert.Equal(0, (await RunAsync(project, staging, "migrate", "--yes")).ExitCode);
    }

    [Fact]
    public async Task A_target_that_differs_afterwards_ends_with_five_and_so_does_verify()
    {
        await using var staging = await StagingAsync($"{People} alter table people alter column email set default 'keep-this-out';");
        await using var project = await ProjectAsync("");

        var result = await RunAsync(project, staging, "migrate", "--yes", "--format", "json");
        var verified = await RunAsync(project, staging, "verify", "--lang", "fr");

        Assert.True(result.ExitCode == 5, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        var difference = Assert.Single(json.RootElement.GetProperty("reference").GetProperty("comparison").GetProperty("objects").EnumerateArray());
        Assert.Equal(("default", "public.people.email", "right_only"), (difference.GetProperty("kind").GetString(), difference.GetProperty("name").GetString(), difference.GetProperty("difference").GetString()));
        Assert.Contains("production does not equal staging: default public.people.email is only in staging", json.RootElement.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("| default public.people.email | only in staging |", await ReportAsync(json), StringComparison.Ordinal);
        Assert.DoesNotContain("keep-this-out", result.Output + project.Journal(), StringComparison.Ordinal);
        Assert.True(verified.ExitCode == 5, verified.ToString());
        Assert.Contains("production n'est pas identique à staging", verified.Output, StringComparison.Ordinal);

        await PostgresServer.ExecuteAsync(staging.Url, "alter table people alter column email drop default");
        Assert.Equal(0, (await RunAsync(project, staging, "verify")).ExitCode);
    }

    [Fact]
    public async Task A_reference_that_is_away_is_told_and_stops_nothing()
    {
        await using var project = await ProjectAsync(Rehearsed);

        var unreachable = await RunAsync(project, "postgresql://nobody@127.0.0.1:1/nowhere", "migrate", "--yes", "--format", "json");
        project.Migration("004_more.sql", "create table more (id int);");
        var unset = await RunAsync(project, "", "migrate", "--yes", "--format", "json");

        Assert.True(unreachable.ExitCode == 0, unreachable.ToString());
        using (var json = JsonDocument.Parse(unreachable.Output))
        {
            Assert.Equal("warning", Criterion(json).GetProperty("verdict").GetString());
            Assert.Contains("staging could not be compared: The database cannot be reached", Assert.Single(json.RootElement.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
        }

        Assert.True(unset.ExitCode == 0, unset.ToString());
        using (var json = JsonDocument.Parse(unset.Output))
        {
            Assert.Equal("not_asked", Criterion(json).GetProperty("verdict").GetString());
            Assert.Contains("the variables of staging are not set here", json.RootElement.GetProperty("reference").GetProperty("problem").GetString(), StringComparison.Ordinal);
            Assert.Empty(json.RootElement.GetProperty("problems").EnumerateArray());
            Assert.Contains("Not compared: the variables of staging are not set here", await ReportAsync(json), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_reference_itself_is_compared_with_nothing()
    {
        await using var staging = await StagingAsync("select 1");
        await using var project = await ProjectAsync(Rehearsed);

        var result = await RunAsync(project, staging, "migrate", "--yes", "--env", "staging", "--format", "json");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("reference").ValueKind);
        Assert.DoesNotContain("Equals staging", result.Output, StringComparison.Ordinal);
    }

    private async Task<Project> StagingAsync(string sql)
    {
        var staging = await Project.CreateAsync(server);
        await PostgresServer.ExecuteAsync(staging.Url, sql);
        return staging;
    }

    private async Task<Project> ProjectAsync(string more)
    {
        var project = (await Project.CreateAsync(server)).WithPeople();
        Write(project, more);
        return project;
    }

    private static void Write(Project project, string more) => File.WriteAllText(
        Path.Combine(project.Folder, "eclusier.yaml"),
        $$"""
        name: Test
        environments:
          production: { url: "${TEST_DATABASE_URL}" }
          staging: { url: "${STAGING_DATABASE_URL}", platform: supabase }
        migrations: { path: migrations, target: production, reference: staging }
        {{more}}
        """);

    private static Task<CliResult> RunAsync(Project project, Project staging, params string[] arguments) => RunAsync(project, staging.Url.Reveal(), arguments);

    private static Task<CliResult> RunAsync(Project project, string staging, params string[] arguments)
    {
        var environment = project.Environment();
        environment["STAGING_DATABASE_URL"] = staging;
        return Cli.RunAsync(arguments, project.Folder, environment);
    }

    private static JsonElement Criterion(JsonDocument json) =>
        json.RootElement.GetProperty("decision").GetProperty("criteria").EnumerateArray().Single(criterion => criterion.GetProperty("id").GetString() == "reference");

    private static Task<string> ReportAsync(JsonDocument json) => File.ReadAllTextAsync(json.RootElement.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
}
