using System.Text.Json;
using System.Text.RegularExpressions;

namespace Eclusier.EndToEnd;

/// <summary>Each phase as a command of its own: text for people, one JSON document for scripts.</summary>
public sealed class CommandTests(PostgresServer server)
{
    [Fact]
    public async Task Status_tells_applied_failed_pending_and_skipped_and_check_ends_with_6()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        Assert.Equal(6, (await project.RunAsync("status", "--check")).ExitCode);
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        project.Migration("004_fails.sql", "select 1 / 0;").Migration("005_other.sql", "select 1;").Migration("006_more.sql", "select 1;").Skip("{ \"005\": by hand }");
        Assert.Equal(4, (await project.RunAsync("migrate", "--yes")).ExitCode);

        var status = await project.RunAsync("status");

        Assert.Equal(0, status.ExitCode);
        var lines = status.Output.Split('\n');
        Assert.Matches(@"^001 people +applied +\d{4}-", lines[0]);
        Assert.Matches(@"^004 fails +FAILED +\d{4}-.*division by zero", lines[3]);
        Assert.Matches(@"^005 other +skipped: by hand$", lines[4]);
        Assert.Matches(@"^006 more +pending$", lines[5]);
        using var json = JsonDocument.Parse((await project.RunAsync("status", "--format", "json")).Output);
        Assert.Equal("004", json.RootElement.GetProperty("failed")[0].GetProperty("version").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("applied").GetArrayLength());
    }

    [Fact]
    public async Task Plan_shows_group_risk_and_hazards_and_writes_nothing()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        project.Migration("004_drop.sql", "drop table visits;");

        var plan = await project.RunAsync("plan");
        var json = await project.RunAsync("plan", "--format", "json");

        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.Contains("drop-table (migrations/004_drop.sql:1)", plan.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal("high", document.RootElement.GetProperty("steps")[0].GetProperty("risk").GetString());
        Assert.Contains(document.RootElement.GetProperty("id").GetString()!, plan.Output, StringComparison.Ordinal);
        Assert.Equal("001,002,003", await project.AppliedAsync());
    }

    [Fact]
    public async Task Inspect_names_tables_indexes_and_long_transactions()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook();
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);

        var text = await project.RunAsync("inspect", "--lang", "fr");
        var json = await project.RunAsync("inspect", "--format", "json");

        Assert.Contains("public.people", text.Output, StringComparison.Ordinal);
        Assert.Contains("3 appliquées", text.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(3, document.RootElement.GetProperty("tracking").GetProperty("applied").GetInt32());
        Assert.Equal(3, document.RootElement.GetProperty("tables").GetArrayLength());
    }

    /// <summary>"1 migrations" and "0.2 s" are nobody's French, in all that a run tells.</summary>
    [Fact]
    public async Task In_French_one_is_singular_and_a_decimal_has_a_comma()
    {
        string[] invariable = ["fois", "mois", "temps", "sans", "dans", "pas", "après", "puis", "accès", "succès", "processus", "cas"];
        await using var project = (await Project.CreateAsync(server))
            .Migration("001_a.sql", "create table t (id int primary key);\ninsert into t values (1);")
            .Runbook("""
                language: fr
                backup: { to: [./backups], copies: 1 }
                rehearsal: { on: sandbox }
                invariants: [{ name: one, sql: "select 1" }]
                checks: [{ name: rows, sql: "select count(*) from t", equals: 1 }]
                """);
        await project.ExecuteAsync("create table one (id int primary key); insert into one values (1)");

        var told = "";
        foreach (var command in new[] { "inspect", "plan", "migrate --yes", "status", "plan", "rollback --yes" })
        {
            var result = await project.RunAsync(command.Split(' '));
            Assert.True(result.ExitCode == 0, result.ToString());
            told += $"{result.Output}{result.Error}{(command.Contains("--yes", StringComparison.Ordinal) ? project.Report() : "")}";
        }

        Assert.Contains("sauvegarde", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Regex.Matches(told, @"(?<![\w.,:/-])[01][ \u00a0\u202f](\p{Ll}{3,}s)\b"), slip => !invariable.Contains(slip.Groups[1].Value));
        Assert.DoesNotMatch(@"\d\.\d+[ \u00a0\u202f](s|ms|o|ko|Mo|Go|min|h|%)(?!\w)", told);
    }

    [Fact]
    public async Task Two_addresses_are_looked_at_and_compared_without_a_runbook()
    {
        await using var project = await Project.CreateAsync(server);
        await using var other = await Project.CreateAsync(server);
        File.Delete(Path.Combine(project.Folder, "eclusier.yaml"));
        await project.ExecuteAsync("create table people (id int primary key)");

        var inspected = await project.RunAsync("inspect", "--url", project.Url.Reveal());
        var equal = await project.RunAsync("diff", project.Url.Reveal(), project.Url.Reveal());
        var different = await project.RunAsync("diff", project.Url.Reveal(), other.Url.Reveal());

        Assert.True(inspected.ExitCode == 0, inspected.ToString());
        Assert.Contains("public.people", inspected.Output, StringComparison.Ordinal);
        Assert.True(equal.ExitCode == 0, equal.ToString());
        Assert.True(different.ExitCode == 6, different.ToString());
        Assert.Contains("people", different.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_rehearse_verify_and_report_each_do_their_part()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook("""
            backup: { to: [./backups, ./offsite] }
            rehearsal: { on: sandbox }
            invariants: [{ name: people, sql: "select count(*) from people" }]
            """);
        await PostgresServer.ExecuteAsync(project.Url, "create table people (id int primary key, role text not null); insert into people values (1, 'admin');");
        project.Migration("001_people.sql", "alter table people add column age int;");

        var backup = await project.RunAsync("backup", "--format", "json");
        var rehearsal = await project.RunAsync("rehearse");

        Assert.True(backup.ExitCode == 0, backup.ToString());
        using (var document = JsonDocument.Parse(backup.Output))
            Assert.Equal(1, document.RootElement.GetProperty("backup").GetProperty("restore").GetProperty("rows").GetInt64());
        Assert.True(rehearsal.ExitCode == 0, rehearsal.ToString());
        Assert.Null(await project.ScalarAsync("select to_regclass('schema_migrations')::text"));

        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        Assert.Equal(0, (await project.RunAsync("verify")).ExitCode);
        await PostgresServer.ExecuteAsync(project.Url, "delete from people");
        var failed = await project.RunAsync("verify");
        Assert.True(failed.ExitCode == 5, failed.ToString());
        Assert.StartsWith("Not verified: a check, an invariant or a hook failed.", failed.Output, StringComparison.Ordinal);
        var report = await project.RunAsync("report", "--lang", "fr");
        Assert.Contains("Rapport de migration", await File.ReadAllTextAsync(report.Output.Trim(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protected_environment_goes_ahead_with_the_plan_id_and_only_with_it()
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople().Runbook(production: "protected: true");
        using var plan = JsonDocument.Parse((await project.RunAsync("plan", "--format", "json")).Output);
        var id = plan.RootElement.GetProperty("id").GetString()!;
        Assert.Equal(3, (await project.RunAsync("migrate", "--yes")).ExitCode);

        project.Migration("002_email.sql", "alter table people add column mail text;");
        var stale = await project.RunAsync("migrate", "--approve", id);
        Assert.True(stale.ExitCode == 3, stale.ToString());

        project.Migration("002_email.sql", "alter table people add column email text;");
        var approved = await project.RunAsync("migrate", "--approve", id);
        Assert.True(approved.ExitCode == 0, approved.ToString());
        Assert.Matches("Approved by .+ \\(by the plan's id\\)", project.Report());
    }

    [Theory]
    [InlineData("migrate", "--nonsense")]
    [InlineData("nonsense")]
    [InlineData("migrate", "--format", "xml")]
    [InlineData("migrate", "--url")]
    [InlineData("migrate", "--url", "mongodb://host/db", "--path", "migrations")]
    [InlineData("migrate", "--url", "postgresql://host/db")]
    [InlineData("report")]
    public async Task Wrong_usage_ends_with_2_and_a_few_lines(params string[] arguments)
    {
        await using var project = await Project.CreateAsync(server);

        var result = await project.RunAsync(arguments);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal("", result.Output);
        Assert.InRange(result.Error.TrimEnd().Split('\n').Length, 1, 3);
    }

    [Fact]
    public async Task An_error_is_json_where_json_was_asked_for()
    {
        await using var project = await Project.CreateAsync(server);

        var result = await project.RunAsync("migrate", "--format", "json");

        Assert.Equal(2, result.ExitCode);
        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal(2, document.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Contains("eclusier.yaml", document.RootElement.GetProperty("error").GetProperty("where").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en_US.UTF-8", "Look at the target", "Usage:")]
    [InlineData("fr_FR.UTF-8", "Examine la cible", "eclusier [")]
    public async Task Help_speaks_the_users_language(string locale, params string[] words)
    {
        await using var project = await Project.CreateAsync(server);
        var environment = project.Environment();
        environment["LANG"] = locale;

        var result = await Cli.RunAsync(["--help"], project.Folder, environment);

        Assert.Equal(0, result.ExitCode);
        Assert.All(words, word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Eclusier.Cli", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_command_line_does_not_know_is_told_in_the_language_that_it_asks_for()
    {
        await using var project = await Project.CreateAsync(server);

        var result = await project.RunAsync("migrate", "--lang", "fr", "--nonsense");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("non reconnu", result.Error, StringComparison.Ordinal);
        Assert.Contains("Voir `eclusier --help`.", result.Error, StringComparison.Ordinal);
    }
}
