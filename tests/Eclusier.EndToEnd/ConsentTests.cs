using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>Nothing is changed without consent: nobody there is no, and a yes by an option is nobody's approval.</summary>
public sealed class ConsentTests(PostgresServer server)
{
    private const string Jobs = "maintenance: [{ job: statistics, analyze: [people] }]\n";

    [Fact]
    public async Task Where_nobody_can_be_asked_every_command_that_changes_a_database_needs_the_option()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook($"{Jobs}backup: {{ to: [./backups], copies: 1 }}");

        await RefusedAsync(project, "migrate");
        Assert.Equal("0", await project.ScalarAsync("select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
        Assert.False(Directory.Exists(Path.Combine(project.Folder, "backups")), "a backup was made of what will not run");
        var migrated = await project.RunAsync("migrate", "--yes", "--format", "json");
        Assert.True(migrated.ExitCode == 0, migrated.ToString());
        using (var json = JsonDocument.Parse(migrated.Output))
        {
            var approval = json.RootElement.GetProperty("decision").GetProperty("approval");
            Assert.Equal("yes_option", approval.GetProperty("how").GetString());
            Assert.False(approval.TryGetProperty("by", out var by) && by.ValueKind == JsonValueKind.String, "nobody approved it");
        }

        AssertNobodyApproved(project);
        await RefusedAsync(project, "rollback");
        await RefusedAsync(project, "rollback", "--restore");
        await RefusedAsync(project, "maintain");
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Equal(0, (await project.RunAsync("rollback", "--to", "002", "--yes")).ExitCode);
        AssertNobodyApproved(project);
        await project.ExecuteAsync("delete from schema_migrations");
        await RefusedAsync(project, "baseline");
        Assert.Null(await project.AppliedAsync());
        Assert.Equal("1", await project.ScalarAsync("select count(*) from pg_database where datname like current_database() || '%'"));
    }

    [Fact]
    public async Task At_a_terminal_the_plan_and_the_criteria_come_before_the_question_and_a_mistyped_name_is_asked_for_again()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Migration("004_drop.sql", "drop table visits;")
            .Runbook("backup: { to: [./backups], copies: 1 }\nrehearsal: { on: sandbox }", "protected: true");
        using var terminal = Terminal.Start(project, "migrate");

        await terminal.TypeAsync("Type its name", "prodution\r");
        await terminal.TypeAsync("Type its name", "production\r");
        var code = await terminal.EndAsync();

        Assert.True(code == 0, terminal.Shown);
        var before = terminal.Shown[..terminal.Shown.IndexOf("Type its name", StringComparison.Ordinal)];
        Assert.Contains("004_drop.sql", before, StringComparison.Ordinal);
        Assert.Contains("drop-table", before, StringComparison.Ordinal);
        Assert.Contains("Server can be migrated", before, StringComparison.Ordinal);
        Assert.Single(project.Journal().Split('\n'), line => line.Contains("phase_started", StringComparison.Ordinal) && line.Contains("\"rehearse\"", StringComparison.Ordinal));
        Assert.Matches("Approved by .+ \\(by the environment's name\\)", project.Report());
    }

    [Fact]
    public async Task At_a_terminal_Ctrl_C_and_the_end_of_the_input_end_it_with_nothing_changed()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();

        Assert.Equal(130, await AnswerAsync("\u0003"));
        Assert.Equal(3, await AnswerAsync("\u0004"));
        Assert.Equal(3, await AnswerAsync("\r"));
        Assert.Equal("0", await project.ScalarAsync("select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
        Assert.Equal(0, await AnswerAsync("perhaps\ryes\r"));
        Assert.Equal("001,002,003", await project.AppliedAsync());
        Assert.Matches("Approved by .+ \\(answered at the terminal\\)", project.Report());

        async Task<int> AnswerAsync(string keys)
        {
            using var terminal = Terminal.Start(project, "migrate");
            await terminal.TypeAsync("[y/N]", keys);
            return await terminal.EndAsync(keys.StartsWith('\u0004') ? keys : null);
        }
    }

    private static async Task RefusedAsync(Project project, params string[] command)
    {
        var result = await project.RunAsync(command);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains($"eclusier {string.Join(' ', command)}", result.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", result.Error, StringComparison.Ordinal);
    }

    private static void AssertNobodyApproved(Project project)
    {
        Assert.DoesNotContain("Approved by", project.Report(), StringComparison.Ordinal);
        Assert.Contains("by the option --yes; nobody was asked", project.Report(), StringComparison.Ordinal);
    }
}
