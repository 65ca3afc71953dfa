using System.Diagnostics;
using System.Text.Json;
using Eclusier.Postgres;
using Npgsql;

namespace Eclusier.EndToEnd;

/// <summary>The demo is the product's promise: a production at migration 022 is at 029 afterwards, with every row it had.</summary>
public sealed class DemoTests
{
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

    private static (DatabaseUrl Url, string Stop) Kept(string error)
    {
        var lines = error.TrimEnd().Split('\n');
        return (new DatabaseUrl(lines.Single(line => line.StartsWith("postgresql://", StringComparison.Ordinal))), lines[^1].Split("to end it: ")[1]);
    }

    private static async Task AssertIsAt029Async(DatabaseUrl url)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "test"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        async Task<long> CountAsync(string sql)
        {
            await using var command = new NpgsqlCommand($"select count(*) from {sql}", connection);
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }

        Assert.Equal(29, await CountAsync("schema_migrations where success"));
        Assert.Equal(43, await CountAsync("pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'"));
        Assert.InRange(await CountAsync("pg_indexes where schemaname = 'public'"), 100, 1000);
        Assert.Equal(15, await CountAsync("pg_class where relnamespace = 'public'::regnamespace and relrowsecurity"));
        Assert.InRange(await CountAsync("pg_trigger where not tgisinternal"), 20, 1000);
        Assert.InRange(await CountAsync("pg_proc where pronamespace = 'public'::regnamespace"), 15, 1000);
        Assert.InRange(await CountAsync("users"), 10_000, 1_000_000);
        Assert.Equal(1, await CountAsync("get_migration_status() where total_migrations = 29 and failed_migrations = 0"));
    }

    private static async Task EndAsync(string command)
    {
        using var shell = Process.Start("sh", ["-c", command]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }
}
