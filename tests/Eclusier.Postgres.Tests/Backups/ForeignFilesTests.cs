using System.Text.Json.Nodes;
using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary>Manifests and journals that are damaged, or that somebody else wrote: told to who needs them, and in nobody else's way.</summary>
public sealed class ForeignFilesTests(PostgresServer server)
{
    private const string Good = """
        {"id":"ID","taken_at":"2026-11-27T07:00:00+00:00","environment":"production","target":"TARGET","server_version":"15","dump":null,"size_bytes":1,"sha256":"x","files":[],"created_by":"x"}
        """;

    private static readonly string[] NoManifests =
    [
        Good, "[]", "null", "[[[", "", "7", "\"x\"", "{}", new string('[', 5000), "\0\0\0", "\ufeff{}", "ÿþ{",
        Good.Replace("null", "7", StringComparison.Ordinal), Good.Replace("null", "{}", StringComparison.Ordinal), Good.Replace("null", "{\"file\":null,\"row_counts\":null,\"roles\":null}", StringComparison.Ordinal),
        "{\"id\":null,\"dump\":{}}", Good.Replace("2026-11-27T07:00:00+00:00", "never", StringComparison.Ordinal), Good.Replace("_bytes\":1", "_bytes\":-1", StringComparison.Ordinal),
        Good.Replace("_bytes\":1", "_bytes\":1e400", StringComparison.Ordinal), Good.Replace("_bytes\":1", "_bytes\":99999999999999999999999", StringComparison.Ordinal),
        Good.Replace("[]", "null", StringComparison.Ordinal), Good.Replace("[]", "[null]", StringComparison.Ordinal), Good.Replace("\"ID\"", "\"../../x\"", StringComparison.Ordinal),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifests_that_are_none_are_passed_over()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table t (id int primary key); insert into t select generate_series(1, 10);");
        using var workshop = new Workshop(url);
        foreach (var (index, json) in NoManifests.Index())
        {
            var id = $"20261127-0000{index:00}-production";
            Directory.CreateDirectory(workshop.PathOf("bk", id));
            await File.WriteAllTextAsync(workshop.PathOf("bk", id, "manifest.json"), json.Replace("ID", id, StringComparison.Ordinal).Replace("TARGET", PostgresUrl.Describe(url), StringComparison.Ordinal), Cancel);
        }

        var migrated = await workshop.MigrateAsync();
        Assert.Equal((RunOutcome.Done, false, 10L), (migrated.Outcome, migrated.Backup!.Reused, migrated.Backup.Manifest.Dump.RowCounts["public.t"]));

        await PostgresServer.ExecuteAsync(url, "delete from t");
        Assert.Equal(RunOutcome.Done, (await workshop.RestoreAsync()).Outcome);
        Assert.Equal(10, await PostgresServer.ScalarAsync<long>(url, "select count(*) from t"));
        Assert.Contains("cannot be used", (await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RestoreAsync("20261127-000000-production"))).Problem.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/OUT/victim")]
    [InlineData("../victim")]
    [InlineData("../../../../victim")]
    [InlineData("x/../../victim")]
    [InlineData("..\\victim")]
    [InlineData("./database.dump")]
    public async Task A_manifest_that_names_files_elsewhere_is_refused(string path)
    {
        var url = await server.NewDatabaseAsync();
        using var workshop = new Workshop(url);
        var id = (await workshop.BackupAsync()).Backup!.Manifest.Id;
        var file = workshop.PathOf("bk", id, "manifest.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancel))!;
        path = path.Replace("/OUT", workshop.PathOf("out"), StringComparison.Ordinal);
        json["files"] = new JsonArray(
            new JsonObject { ["path"] = "database.dump", ["size_bytes"] = (long)json["size_bytes"]!, ["sha256"] = (string)json["sha256"]! },
            new JsonObject { ["path"] = path, ["size_bytes"] = 1, ["sha256"] = new string('0', 64) });
        await File.WriteAllTextAsync(file, json.ToJsonString(), Cancel);

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RestoreAsync(id));

        Assert.IsType<InvalidInputException>(refused);
        Assert.Empty(Directory.GetFiles(workshop.PathOf(), "victim", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_damaged_journal_stops_only_the_run_that_needs_it()
    {
        var url = await server.NewDatabaseAsync();
        using var workshop = new Workshop(url);
        await workshop.MigrateAsync();
        await workshop.Migration("002", "create table added_002 (id int);").MigrateAsync();
        var (first, second) = (workshop.Runs[0], workshop.Runs[1]);
        var whole = await File.ReadAllTextAsync(Path.Combine(first, Journal.FileName), Cancel);
        foreach (var damage in new[] { "", "null\n", "{}\n", "[[[[\n", "\0\n", "x", whole.Replace("\"event\"", "\"evnt\"", StringComparison.Ordinal), whole[(whole.Length / 2)..] })
        {
            await File.WriteAllTextAsync(Path.Combine(first, Journal.FileName), damage, Cancel);
            Assert.Equal(RunOutcome.NothingToDo, (await workshop.MigrateAsync()).Outcome);
            await Assert.ThrowsAsync<InvalidInputException>(() => workshop.RollbackAsync(Path.GetFileName(first)));
        }

        // Older than the run that is meant.
        await workshop.RollbackAsync();
        Assert.False(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('added_002') is not null"));

        // Newer than what is left to undo: it might be the one that is meant.
        await File.WriteAllTextAsync(Path.Combine(first, Journal.FileName), whole, Cancel);
        await File.WriteAllTextAsync(Path.Combine(second, Journal.FileName), "{}\n", Cancel);
        Assert.StartsWith(second, (await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RollbackAsync())).Where, StringComparison.Ordinal);
        Assert.True(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('added_001') is not null"));
        await workshop.RollbackAsync(Path.GetFileName(first));
        Assert.False(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('added_001') is not null"));
    }

    /// <summary>Whether it was finished nobody can tell: but who names the backup needs no journal.</summary>
    [Fact]
    public async Task A_damaged_journal_of_the_newest_run_is_not_in_the_way_of_the_backup_that_is_named()
    {
        var url = await server.NewDatabaseAsync();
        using var workshop = new Workshop(url);
        await workshop.MigrateAsync();
        await File.WriteAllTextAsync(Path.Combine(workshop.Runs[0], Journal.FileName), "null\n", Cancel);

        await Assert.ThrowsAsync<InvalidInputException>(() => workshop.RestoreAsync());
        await workshop.RestoreAsync(Path.GetFileName(Directory.GetDirectories(workshop.PathOf("bk")).Single()));
        Assert.False(await PostgresServer.ScalarAsync<bool>(url, "select to_regclass('added_001') is not null"));
    }

    [Fact]
    public void A_snapshot_that_is_none_is_told_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "snapshot.json");
        const string Whole = """{"source":"x","server_version":"15","taken_at":"2026-01-01T00:00:00Z","objects":[],"applied":[]}""";
        File.WriteAllText(file, Whole);
        Assert.Equal("x", DatabaseSnapshot.Load(file).Source);
        foreach (var bad in new[] { "", "null", "[]", "{}", "\0", Whole.Replace("[]", "null", StringComparison.Ordinal), Whole.Replace("[]", "[null]", StringComparison.Ordinal), Whole.Replace("\"objects\":[]", "\"objects\":[{\"kind\":null}]", StringComparison.Ordinal), Whole.Replace("\"x\"", "null", StringComparison.Ordinal), Whole.Replace("2026-01-01", "99999-01-01", StringComparison.Ordinal) })
        {
            File.WriteAllText(file, bad);
            Assert.Throws<InvalidInputException>(() => DatabaseSnapshot.Load(file));
        }
    }
}
