using System.Diagnostics;
using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary>The demo is the product's promise: a production at migration 022 is at 029 afterwards, with every row it had.</summary>
public sealed class DemoTests
{
    /// <summary>A demo each, of which one shows what the others do: <c>./test --all</c> runs them.</summary>
    private static readonly string[] OnlyWithAll = ["b", "c", "safe"];

    private static readonly Dictionary<string, string?> English = new(StringComparer.Ordinal) { ["LANG"] = "en_US.UTF-8" };

    [Fact]
    public async Task The_demo_brings_production_to_the_last_migration_and_keeps_its_server_when_asked()
    {
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "--keep"], folder.Path, English);

        Assert.True(result.ExitCode == 0, result.ToString());
        var (url, stop) = Kept(result.Error);
        try
        {
            await AssertIsAt029Async(url);
        }
        finally
        {
            await EndAsync(stop);
        }

        Assert.Contains("Done: 7 migrations applied", result.Output, StringComparison.Ordinal);
        var report = result.Output.Split("Report: ")[1].Trim();
        Assert.Contains("Success: 7 migrations applied", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_as_json_is_one_document_with_the_evidence_of_each_gate()
    {
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "bilan-competence", "--format", "json", "--lang", "fr"], folder.Path, English);

        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        var run = document.RootElement;
        Assert.Equal("done", run.GetProperty("outcome").GetString());
        Assert.Equal("go", run.GetProperty("decision").GetProperty("outcome").GetString());
        Assert.Equal(run.GetProperty("plan").GetProperty("id").GetString(), run.GetProperty("decision").GetProperty("plan_id").GetString());
        Assert.Equal(["023", "024", "025", "026", "027", "028", "029"], run.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("migration").GetString()));
        Assert.All(run.GetProperty("steps").EnumerateArray(), step =>
        {
            Assert.Equal("migration", step.GetProperty("kind").GetString());
            Assert.Equal("applied", step.GetProperty("status").GetString());
            Assert.True(step.GetProperty("duration_ms").GetDouble() > 0);
        });
        Assert.Equal(2, run.GetProperty("backup").GetProperty("copies").EnumerateArray().Count(copy => copy.GetProperty("verified").GetBoolean()));
        Assert.True(run.GetProperty("backup").GetProperty("restore").GetProperty("rows").GetInt64() > 100_000);
        Assert.True(run.GetProperty("rehearsal").GetProperty("passed").GetBoolean());
        Assert.Equal(9, run.GetProperty("checks").EnumerateArray().Count(check => check.GetProperty("passed").GetBoolean()));
        Assert.Equal(4, run.GetProperty("invariants").EnumerateArray().Count(invariant => invariant.GetProperty("passed").GetBoolean()));
        Assert.Contains("Succès", await File.ReadAllTextAsync(run.GetProperty("report").GetProperty("html").GetString()!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_voice_agents_are_recovered_proven_migrated_and_equal_staging()
    {
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "voice-agents", "--lang", "fr"], folder.Path, English);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("20251114115525_email_analytics.sql", result.Error, StringComparison.Ordinal);
        Assert.Contains("8 présente(s), 10 absente(s), 0 partielle(s), 1 indécidable(s) ; 7 à enregistrer", result.Error, StringComparison.Ordinal);
        Assert.Contains("20251120 mène là où mènent 20251120094858, 20251120094954, 20251120095358 (empreintes égales)", result.Error, StringComparison.Ordinal);
        Assert.Contains("6/6 invariants, 5/5 contrôles, identique à staging", result.Error, StringComparison.Ordinal);
        var applied = result.Error.Split('\n').Where(line => line.EndsWith("appliquée", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        Assert.Equal(["20251113_create_agent_sms_table", "20251113_sms_rls_policies", "20251113_sms_analytics", "20251113_fix_sms_pricing_model", "20251114", "20250117", "20251120"], applied);
        var report = await File.ReadAllTextAsync(result.Output.Split("Rapport : ")[1].Trim().Replace(".html", ".md", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Contains("## Comparaison avec staging\n\nIdentiques.", report, StringComparison.Ordinal);
        Assert.Contains("import\\_from\\_prod : déjà fait initialement", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "0 migrations enregistrées")]
    [InlineData("b", "11 lignes écrites dans la table de suivi")]
    [InlineData("c", "6 lignes écrites dans la table de suivi")]
    public async Task Sunup_gets_its_43_indexes_whatever_its_tracking_table_says(string scenario, string baseline)
    {
        Cli.SkipUnlessAll(OnlyWithAll.Contains(scenario));
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "sunup", "--scenario", scenario, "--lang", "fr", "--keep"], folder.Path, English);

        Assert.True(result.ExitCode == 0, result.ToString());
        var (url, stop) = Kept(result.Error, "pour l'arrêter : ");
        try
        {
            if (scenario != "a")
                Assert.Contains(baseline, result.Error, StringComparison.Ordinal);
            Assert.Contains("8/8 invariants, 8/8 contrôles", result.Error, StringComparison.Ordinal);
            Assert.Equal(12, await CountAsync(url, "drizzle.__drizzle_migrations"));
            var report = result.Output.Split("Rapport : ")[1].Trim();
            var text = await File.ReadAllTextAsync(report.Replace(".html", ".md", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.Contains("## Sauvegarde après la migration", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Soleil-Levant", text, StringComparison.Ordinal);
            if (scenario == "a")
                await AssertOnlyTheRunsIndexesGoAsync(url, Path.GetFullPath(Path.Combine(report, "..", "..", "..", "..")));
        }
        finally
        {
            await EndAsync(stop);
        }
    }

    [Theory]
    [InlineData("safe", 8, 32)]
    [InlineData("complete", 8, 37)]
    public async Task The_crm_of_daznode_loses_its_faults_and_nothing_else(string variant, int invariants, int checks)
    {
        Cli.SkipUnlessAll(OnlyWithAll.Contains(variant));
        using var folder = new TemporaryFolder();
        // As many faults in a smaller production.
        var small = new Dictionary<string, string?>(English, StringComparer.Ordinal) { ["DAZNODE_PROFILES"] = "1000", ["DAZNODE_SENDS"] = "20000" };

        var result = await Cli.RunAsync(["demo", "daznode-crm", "--variant", variant, "--format", "json", "--lang", "fr"], folder.Path, small);

        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        var run = document.RootElement;
        Assert.Equal("done", run.GetProperty("outcome").GetString());
        var applied = run.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("status").GetString() == "applied").Select(step => step.GetProperty("name").GetString());
        Assert.Equal(["pre_migration_diagnostic", $"crm_optimization_{variant}", "crm_optimization_indexes_concurrent"], applied);
        Assert.Equal(2, run.GetProperty("backup").GetProperty("copies").EnumerateArray().Count(copy => copy.GetProperty("verified").GetBoolean()));
        Assert.Equal(invariants, run.GetProperty("invariants").EnumerateArray().Count(invariant => invariant.GetProperty("passed").GetBoolean()));
        Assert.Equal(checks, run.GetProperty("checks").EnumerateArray().Count(check => check.GetProperty("passed").GetBoolean()));
        Assert.Contains("Succès", await File.ReadAllTextAsync(run.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variant_that_a_system_lacks_is_refused_with_those_that_it_has()
    {
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "daznode-crm", "--variant", "quick"], folder.Path, English);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("It has: complete, safe.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meeshy_is_copied_collection_by_collection_its_translations_in_their_messages()
    {
        using var folder = new TemporaryFolder();

        var result = await Cli.RunAsync(["demo", "meeshy", "--format", "json", "--lang", "fr"], folder.Path, English);

        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        var run = document.RootElement;
        Assert.Equal("done", run.GetProperty("outcome").GetString());
        var copied = run.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("status").GetString() == "applied").ToList();
        Assert.Equal(27, copied.Count);
        Assert.DoesNotContain(copied, step => step.GetProperty("migration").GetString()!.Contains('_', StringComparison.Ordinal));
        var embed = copied.Single(step => step.GetProperty("migration").GetString() == "Message").GetProperty("collection").GetProperty("transforms").EnumerateArray().Single();
        Assert.Equal((1387, 2773, 12, 2), (embed.GetProperty("changed").GetInt32(), embed.GetProperty("values").GetInt32(), embed.GetProperty("orphans").GetProperty("count").GetInt32(), embed.GetProperty("superseded").GetProperty("count").GetInt32()));
        Assert.All(run.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("passed").GetBoolean(), check.ToString()));
        Assert.Equal(7, run.GetProperty("invariants").GetArrayLength());
        var report = await File.ReadAllTextAsync(run.GetProperty("report").GetProperty("markdown").GetString()!, TestContext.Current.CancellationToken);
        Assert.Contains("Succès", report, StringComparison.Ordinal);
    }

    /// <summary>The guide's rollback dropped every index called idx_…; ours drops those that the run made.</summary>
    private static async Task AssertOnlyTheRunsIndexesGoAsync(DatabaseUrl url, string project)
    {
        await PostgresServer.ExecuteAsync(url, "create index idx_by_hand on users (name)");
        var runbook = Path.Combine(project, "eclusier.yaml");
        var text = await File.ReadAllTextAsync(runbook, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(runbook, text[..text.IndexOf("checks:", StringComparison.Ordinal)], TestContext.Current.CancellationToken);

        var approved = await Cli.RunAsync(["rollback"], project, new Dictionary<string, string?>(English, StringComparer.Ordinal) { ["PRODUCTION_DATABASE_URL"] = url.Reveal() });
        var plan = approved.Error.Split("--approve ")[1].Split('`')[0];
        var undone = await Cli.RunAsync(["rollback", "--approve", plan], project, new Dictionary<string, string?>(English, StringComparer.Ordinal) { ["PRODUCTION_DATABASE_URL"] = url.Reveal() });

        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.Equal(1, await CountAsync(url, "pg_indexes where indexname like 'idx\\_%'"));
        Assert.Equal(11, await CountAsync(url, "drizzle.__drizzle_migrations"));
    }

    private static async Task<long> CountAsync(DatabaseUrl url, string from) => await PostgresServer.ScalarAsync<long>(url, $"select count(*) from {from}");

    private static (DatabaseUrl Url, string Stop) Kept(string error, string before = "to end it: ")
    {
        var lines = error.TrimEnd().Split('\n');
        return (new DatabaseUrl(lines.Single(line => line.StartsWith("postgresql://", StringComparison.Ordinal))), lines[^1].Split(before)[1]);
    }

    private static async Task AssertIsAt029Async(DatabaseUrl url)
    {
        Assert.Equal(29, await CountAsync(url, "schema_migrations where success"));
        Assert.Equal(43, await CountAsync(url, "pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'"));
        Assert.InRange(await CountAsync(url, "pg_indexes where schemaname = 'public'"), 100, 1000);
        Assert.Equal(15, await CountAsync(url, "pg_class where relnamespace = 'public'::regnamespace and relrowsecurity"));
        Assert.InRange(await CountAsync(url, "pg_trigger where not tgisinternal"), 20, 1000);
        Assert.InRange(await CountAsync(url, "pg_proc where pronamespace = 'public'::regnamespace"), 15, 1000);
        Assert.InRange(await CountAsync(url, "users"), 10_000, 1_000_000);
        Assert.Equal(1, await CountAsync(url, "get_migration_status() where total_migrations = 29 and failed_migrations = 0"));
    }

    private static async Task EndAsync(string command)
    {
        using var shell = Process.Start("sh", ["-c", command]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }
}
