using Eclusier.Evidence;
using Eclusier.Postgres.Sandbox;
using Eclusier.Postgres.Tests.Backups;
using Eclusier.Redaction;

namespace Eclusier.Postgres.Tests;

/// <summary>A process may carry many runs at once: what one knows is no other's business.</summary>
public sealed class SeveralRunsTests
{
    private const int Runs = 50;

    /// <summary>Each run asks its database for its own password and its neighbour's: it hides the one, and cannot know the other.</summary>
    [Fact]
    public async Task Fifty_at_once_know_each_their_own_secrets()
    {
        // Each run holds several connections.
        await using var server = await PostgresSandbox.StartAsync(TestContext.Current.CancellationToken, options: new SandboxOptions { Settings = "max_connections = 300" });
        var databases = new List<DatabaseUrl>();
        for (var number = 0; number < Runs; number++)
            databases.Add(await server.CreateEmptyDatabaseAsync(null, TestContext.Current.CancellationToken));
        var password = Enumerable.Range(0, Runs).Select(number => $"Geheim-{number:00}-{Guid.NewGuid():n}").ToList();
        for (var number = 0; number < Runs; number++)
            await PostgresServer.ExecuteAsync(databases[number], $"create role several_{number} superuser login password '{password[number]}'");

        var found = await Task.WhenAll(Enumerable.Range(0, Runs).Select(number => Task.Run(() => RunAsync(number, databases[number], password))));

        foreach (var (number, (outcome, written)) in found.Index())
        {
            Assert.Equal(RunOutcome.Done, outcome);
            Assert.DoesNotContain(password[number], written, StringComparison.Ordinal);
            Assert.Contains($"own *** other {password[(number + 1) % Runs]}", written, StringComparison.Ordinal);
        }

        foreach (var database in databases)
            Assert.Equal("1", await PostgresServer.ScalarAsync<string>(database, "select count(*)::text from schema_migrations where version = '002'"));

        Assert.Contains(password[0], Secrets.Redact($"said {password[0]}"), StringComparison.Ordinal);
    }

    private static async Task<(RunOutcome? Outcome, string Written)> RunAsync(int number, DatabaseUrl database, List<string> password)
    {
        using var apart = Secrets.Apart();
        var url = new UriBuilder(database.Reveal()) { UserName = $"several_{number}", Password = password[number] };
        using var workshop = new Workshop(
            new DatabaseUrl(url.Uri.AbsoluteUri),
            $"invariants: [ {{ name: words, sql: \"select 'own {password[number]} other {password[(number + 1) % Runs]}'\" }} ]");
        workshop.Migration("002", "create table added_002 (id int);");
        var record = await workshop.MigrateAsync();
        var files = workshop.Runs.SelectMany(run => Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)).Select(File.ReadAllText);
        return (record.Outcome, string.Join('\n', [.. files, .. workshop.Told]));
    }
}
