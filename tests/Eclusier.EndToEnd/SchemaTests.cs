using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Eclusier.EndToEnd;

/// <summary>
/// <c>docs/schemas</c> against what commands print. Every other test holds its JSON against them, too (<see cref="OutputSchemas.Check"/>);
/// here each command has its turn, and schemas must refuse what they do not say.
/// </summary>
public sealed class SchemaTests(PostgresServer server)
{
    private const string Everything =
        """
        backup: { to: [./backups], copies: 1, restore: true }
        rehearsal: { on: sandbox }
        invariants: [{ name: roles, sql: "select role, count(*) from people group by role order by role" }]
        checks: [{ name: people, sql: "select count(*) from people", equals: 300 }, { name: orphans, finding: orphaned-rows, equals: 0 }]
        hooks: { after_apply: ["true"] }
        watch: { for: 1s, every: 200ms }
        maintenance: [{ job: statistics, analyze: [people], schedule: "30 3 * * *" }]
        """;

    public static TheoryData<string> Schemas => [.. OutputSchemas.Names];

    [Fact]
    public async Task Every_command_prints_what_its_schema_says()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await PrintsAsync(project, 0, "run", "migrate", "--yes");
        project.Runbook(Everything)
            .Migration("004_more.sql", "update people set email = '';")
            .Migration("004_more_rollback.sql", "update people set email = null;")
            .Migration("005_name.sql", "alter table people add column name text;");
        await PrintsAsync(project, 0, "plan", "plan");
        await PrintsAsync(project, 6, "plan", "status", "--check");
        await PrintsAsync(project, 3, "run", "migrate");
        await PrintsAsync(project, 0, "run", "migrate", "--yes");
        await PrintsAsync(project, 0, "run", "migrate", "--yes");
        await PrintsAsync(project, 0, "run", "verify");
        await PrintsAsync(project, 0, "run", "report", "--lang", "fr");
        await PrintsAsync(project, 0, "inspection", "inspect", "--snapshot", "now.json");
        await PrintsAsync(project, 0, "watch", "watch");
        await PrintsAsync(project, 0, "jobs", "maintain", "--yes");
        await PrintsAsync(project, 0, "schedule", "maintain", "--schedule", "--yes");
        await PrintsAsync(project, 0, "run", "rollback", "--no-backup", "--yes");
        await PrintsAsync(project, 6, "diff", "diff", "now.json", "production");
        await PrintsAsync(project, 6, "lint", "lint");
        await PrintsAsync(project, 0, "lint-rules", "lint", "--rules");
        await PrintsAsync(project, 2, "error", "plan", "--env", "nowhere");
    }

    [Fact]
    public async Task A_baseline_and_a_failed_run_do_so_too()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        await project.ExecuteAsync("create table people (id int primary key, role text not null)", "alter table people add column email text");

        await PrintsAsync(project, 0, "run", "baseline", "--yes", "--mark", "001=present", "--because", "its rows are here");
        await PrintsAsync(project, 0, "lost-migrations", "baseline", "--recover");
        project.Migration("004_fails.sql", "select 1 / 0;");
        await PrintsAsync(project, 4, "run", "migrate", "--yes");
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_schema_is_one(string name)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(OutputSchemas.FileOf(name)));

        Assert.Empty(OutputSchemas.Misfits(MetaSchemas.Draft202012, schema.RootElement));
        Assert.NotNull(OutputSchemas.Of(name));
    }

    /// <summary>A schema that lets everything pass would be no test of the others.</summary>
    [Fact]
    public async Task What_a_schema_does_not_say_is_refused()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        using var plan = await PrintsAsync(project, 0, "plan", "plan");

        Assert.Empty(Misfits(plan, _ => { }));
        Assert.Contains(Misfits(plan, whole => whole["surprise"] = 1), misfit => misfit.Contains("surprise", StringComparison.Ordinal));
        Assert.NotEmpty(Misfits(plan, whole => whole["steps"]![0]!["statements"]![0]!["surprise"] = 1));
        Assert.NotEmpty(Misfits(plan, whole => whole.AsObject().Remove("schema_fingerprint")));
        Assert.NotEmpty(Misfits(plan, whole => whole["steps"]![0]!["risk"] = "extreme"));
        Assert.NotEmpty(Misfits(plan, whole => whole["steps"]![0]!["name"] = null));
        Assert.NotEmpty(Misfits(plan, whole => whole["steps"]![0]!["description"] = new JsonObject { ["en"] = "a text is one string", ["fr"] = "" }));
    }

    private static IReadOnlyList<string> Misfits(JsonDocument plan, Action<JsonNode> change)
    {
        var whole = JsonNode.Parse(plan.RootElement.GetRawText())!;
        change(whole);
        using var changed = JsonDocument.Parse(whole.ToJsonString());
        return OutputSchemas.Misfits(OutputSchemas.Of("plan"), changed.RootElement);
    }

    /// <summary>That it fits the schema is what <see cref="Project.RunAsync"/> has asked already.</summary>
    private static async Task<JsonDocument> PrintsAsync(Project project, int exitCode, string schema, params string[] command)
    {
        var result = await project.RunAsync([.. command, "--format", "json"]);
        Assert.True(result.ExitCode == exitCode, $"{string.Join(' ', command)}: {result}");
        var document = JsonDocument.Parse(result.Output);
        Assert.Equal(schema, OutputSchemas.NameFor(command, document.RootElement));
        return document;
    }
}
