namespace Eclusier.EndToEnd;

/// <summary>Whatever a user gets wrong: a few lines that say what, where and what to do, no stack trace, the right exit code, no password.</summary>
public sealed class BadInputTests(PostgresServer server)
{
    [Fact]
    public Task An_unknown_key() => SaysAsync(2, project => project.Runbook("polcy: {}"), "eclusier.yaml:5:1", "policy");

    [Fact]
    public Task A_wrong_type() => SaysAsync(2, project => project.Runbook("backup: { to: [./b], copies: many }"), "eclusier.yaml:5:", "copies");

    [Fact]
    public Task A_missing_variable() => SaysAsync(2, project => File.WriteAllText(
        Path.Combine(project.Folder, "eclusier.yaml"), "environments:\n  production: { url: \"${NOT_SET_ANYWHERE}\" }\nmigrations: { path: migrations }\n"), "NOT_SET_ANYWHERE", ":2:");

    [Fact]
    public Task A_missing_runbook() => SaysAsync(2, project => File.Delete(Path.Combine(project.Folder, "eclusier.yaml")), "eclusier.yaml");

    [Fact]
    public Task A_missing_folder_of_migrations() => SaysAsync(2, project => Directory.Delete(Path.Combine(project.Folder, "migrations"), recursive: true), "migrations");

    [Fact]
    public Task No_migration_at_all() => SaysAsync(2, _ => { }, "migrations");

    [Fact]
    public Task A_duplicate_version() => SaysAsync(2, project => project.Migration("001_a.sql", "select 1;").Migration("001_b.sql", "select 1;"), "001_a.sql", "001_b.sql");

    [Fact]
    public Task An_unknown_dependency() => SaysAsync(2, project => project.WithPeople().Runbook("").Depends("{ \"002\": [\"0001\"] }"), "0001");

    [Fact]
    public Task A_cycle() => SaysAsync(2, project => project.WithPeople().Runbook("").Depends("{ \"002\": [\"003\"], \"003\": [\"002\"] }"), "002", "003");

    [Fact]
    public Task Text_that_is_not_utf8() => SaysAsync(2, project => File.WriteAllBytes(
        Path.Combine(project.Folder, "migrations", "001_latin.sql"), [.. "select '"u8, 0xE9, .. "';"u8]), "001_latin.sql", "UTF-8");

    [Fact]
    public Task Files_of_another_tool() => SaysAsync(2, project => project.Migration("001_goose.sql", "-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n"), "goose");

    [Fact]
    public Task An_unterminated_string() => SaysAsync(2, project => project.Migration("001_open.sql", "select 1;\nselect 'open;"), "001_open.sql:2");

    [Fact]
    public async Task A_wrong_password()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await AssertSaysAsync(project, 7, Replace(project.Url.Reveal(), "://[^@]*@", "://postgres:Wr0ngPassw0rd@"), "password");
    }

    [Fact]
    public async Task A_server_that_is_down()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await AssertSaysAsync(project, 7, "postgresql://ann:Wr0ngPassw0rd@127.0.0.1:1/app", "127.0.0.1");
    }

    [Fact]
    public async Task A_database_that_is_missing()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await AssertSaysAsync(project, 7, Replace(project.Url.Reveal(), "/[^/]*$", "/not_there"), "not_there");
    }

    private async Task SaysAsync(int exitCode, Action<Project> spoil, params string[] words)
    {
        await using var project = (await Project.CreateAsync(server)).Runbook();
        spoil(project);
        await AssertSaysAsync(project, exitCode, project.Url.Reveal(), words);
    }

    private static async Task AssertSaysAsync(Project project, int exitCode, string url, params string[] words)
    {
        var environment = project.Environment();
        environment["TEST_DATABASE_URL"] = url;

        var result = await Cli.RunAsync(["migrate", "--yes"], project.Folder, environment);

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal("", result.Output);
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase));
        Assert.InRange(result.Error.TrimEnd().Split('\n').Length, 1, 4);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Wr0ng", result.Error, StringComparison.Ordinal);
    }

    private static string Replace(string text, string pattern, string replacement) =>
        System.Text.RegularExpressions.Regex.Replace(text, pattern, replacement, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
