using Eclusier.Evidence;
using Eclusier.Migrations;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Migrations;

/// <summary>A run that is taken up asks the database what is applied, not its own journal: that may end before the truth does.</summary>
public sealed class ResumedRunTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task What_the_journal_s_lost_end_had_told_is_asked_of_the_tracking_table(int step, bool begun)
    {
        var url = await RunAsync();
        CutAt(step, begun);

        var resumed = await MigrateAsync(url);

        Assert.Equal(RunOutcome.Done, resumed.Outcome);
        Assert.Equal(["001 Applied", "002 Applied"], resumed.Steps.Select(result => $"{result.Migration} {result.Status}"));
        Assert.Equal("1", await PostgresServer.ScalarAsync<string>(url, "select count(*)::text from b"));
    }

    [Fact]
    public async Task A_line_that_is_torn_in_the_middle_is_no_more_than_a_lost_one()
    {
        var url = await RunAsync();
        CutAt(1, begun: false);
        await File.AppendAllTextAsync(JournalFile, "{\"sequence\":99,\"event\":\"step_sta", TestContext.Current.CancellationToken);

        Assert.Equal(RunOutcome.Done, (await MigrateAsync(url)).Outcome);
    }

    /// <summary>Restored from a backup, or undone from another checkout: going on behind it would be a false proof.</summary>
    [Fact]
    public async Task What_the_journal_has_and_the_database_has_not_ends_the_run()
    {
        var url = await RunAsync();
        CutAt(1, begun: true);
        await PostgresServer.ExecuteAsync(url, "delete from schema_migrations; drop table a; drop table b");

        var resumed = await MigrateAsync(url);
        var next = await MigrateAsync(url);

        Assert.Equal((RunOutcome.MigrationFailed, RunOutcome.Done), (resumed.Outcome, next.Outcome));
        Assert.Contains("does not have it any more", resumed.Problems[^1].En, StringComparison.Ordinal);
    }

    /// <summary>Another checkout had another text of it: it is applied, and not as it was approved here.</summary>
    [Fact]
    public async Task What_somebody_applied_from_another_text_ends_the_run_and_is_not_called_failed()
    {
        var url = await RunAsync();
        CutAt(1, begun: false);
        await PostgresServer.ExecuteAsync(url, "update schema_migrations set checksum = repeat('0', 64) where version = '002'");

        var resumed = await MigrateAsync(url);

        Assert.Equal(RunOutcome.MigrationFailed, resumed.Outcome);
        Assert.DoesNotContain(resumed.Steps, result => result.Status == StepStatus.Failed);
    }

    [Fact]
    public async Task Where_the_journal_cannot_be_written_nothing_is_begun()
    {
        var url = await RunAsync();
        Directory.Delete(Path.Combine(_folder.Path, ".eclusier"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, ".eclusier"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "m", "003_c.sql"), "create table c (id int);", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(() => MigrateAsync(url));

        Assert.IsType<UnavailableException>(refused);
        Assert.Contains(".eclusier", refused.Where, StringComparison.Ordinal);
        Assert.Equal("t", await PostgresServer.ScalarAsync<string>(url, "select (to_regclass('c') is null)::text::char"));
    }

    private string JournalFile => Directory.EnumerateFiles(_folder.Path, Journal.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();

    private async Task<DatabaseUrl> RunAsync()
    {
        var url = await server.NewDatabaseAsync();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "m"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "m", "001_a.sql"), "create table a (id int);", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "m", "002_b.sql"), "create table b (id int);\ninsert into b values (1);", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "eclusier.yaml"), "environments: { p: { url: \"${URL}\" } }\nmigrations: { path: m }\n", TestContext.Current.CancellationToken);
        Assert.Equal(RunOutcome.Done, (await MigrateAsync(url)).Outcome);
        return url;
    }

    private Task<RunRecord> MigrateAsync(DatabaseUrl url)
    {
        var runbook = RunbookReader.Read(Path.Combine(_folder.Path, "eclusier.yaml"), new Dictionary<string, string?>(StringComparer.Ordinal) { ["URL"] = url.Reveal() });
        return new MigrationRun(new RunSetup(runbook, runbook.Environments["p"], new PostgresEngine(), new RunOptions { Yes = true }, new TestObserver(), TimeProvider.System)).MigrateAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Leaves the journal as a power cut would: written up to the beginning of a step, or just behind it.</summary>
    private void CutAt(int step, bool begun)
    {
        var lines = File.ReadAllLines(JournalFile);
        var starts = lines.Index().Where(line => line.Item.Contains("\"event\":\"step_started\"", StringComparison.Ordinal)).Select(line => line.Index).ToArray();
        File.WriteAllText(JournalFile, string.Concat(lines.Take(starts[step] + (begun ? 1 : 0)).Select(line => line + "\n")));
    }
}
