using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Postgres.Tests.Backups;

/// <summary><c>runs.keep</c> removes what is old and nobody needs, and nothing else.</summary>
public sealed class RunExpiryTests(PostgresServer server)
{
    private const string Keep = "runs: { keep: 30d }";

    [Fact]
    public async Task What_is_older_goes_and_the_ten_newest_migrations_stay()
    {
        using var workshop = new Workshop(await server.NewDatabaseAsync(), Keep);
        await workshop.MigrateAsync();
        var run = Assert.Single(workshop.Runs);
        var old = Enumerable.Range(1, 12).Select(day => Copy(run, $"202001{day:00}-000000-production")).ToList();
        var ofAnother = Copy(run, "20200101-000000-staging");

        var record = await workshop.Migration("002", "create table added_002 (id int);").MigrateAsync();

        Assert.Equal(RunOutcome.Done, record.Outcome);
        // Two of this test, and eight of the twelve.
        Assert.Equal(old.Take(4), old.Where(folder => !Directory.Exists(folder)));
        Assert.True(Directory.Exists(ofAnother));
        Assert.Contains("4 runs from before", string.Join('\n', workshop.Told), StringComparison.Ordinal);
        Assert.Contains("4 runs from before", await File.ReadAllTextAsync(Path.Combine(workshop.Runs[^1], Journal.FileName), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_ended_or_cannot_be_read_stays()
    {
        using var workshop = new Workshop(await server.NewDatabaseAsync(), Keep);
        await workshop.MigrateAsync();
        var run = Assert.Single(workshop.Runs);
        for (var day = 1; day <= 10; day++)
            Copy(run, $"202002{day:00}-000000-production");
        var (torn, altered, gone) = (Copy(run, "20200103-000000-production"), Copy(run, "20200102-000000-production"), Copy(run, "20200101-000000-production"));
        var journal = Path.Combine(torn, Journal.FileName);
        await File.WriteAllLinesAsync(journal, (await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken))[..^1], TestContext.Current.CancellationToken);
        journal = Path.Combine(altered, Journal.FileName);
        await File.WriteAllTextAsync(journal, (await File.ReadAllTextAsync(journal, TestContext.Current.CancellationToken)).Replace("migrate", "magrite", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await workshop.Migration("002", "create table added_002 (id int);").MigrateAsync();

        Assert.Equal((true, true, false), (Directory.Exists(torn), Directory.Exists(altered), Directory.Exists(gone)));
    }

    /// <summary>Backups every night must not push out the one run that somebody may want to undo.</summary>
    [Fact]
    public async Task A_run_that_only_backed_up_is_no_migration()
    {
        using var workshop = new Workshop(await server.NewDatabaseAsync(), $"{Keep}\nbackup: {{ to: [./bk], copies: 1, restore: false }}");
        await workshop.MigrateAsync();
        var migrated = Copy(Assert.Single(workshop.Runs), "20200101-000000-production");
        await workshop.BackupAsync();
        var backups = Enumerable.Range(1, 12).Select(day => Copy(workshop.Runs[^1], $"202002{day:00}-000000-production")).ToList();

        await workshop.BackupAsync();

        Assert.True(Directory.Exists(migrated));
        Assert.All(backups, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public async Task Without_a_rule_all_stay()
    {
        using var workshop = new Workshop(await server.NewDatabaseAsync(), "");
        await workshop.MigrateAsync();
        var old = Enumerable.Range(1, 12).Select(day => Copy(workshop.Runs[^1], $"202001{day:00}-000000-production")).ToList();

        await workshop.Migration("002", "create table added_002 (id int);").MigrateAsync();

        Assert.All(old, folder => Assert.True(Directory.Exists(folder)));
    }

    /// <summary>A journal of a kind that a rollback has no use for stops no rollback; one of its own kind does, being newer.</summary>
    [Theory]
    [InlineData("maintain", true)]
    [InlineData("migrate", false)]
    public async Task A_damaged_run_stops_only_who_needs_it(string kind, bool goesOn)
    {
        using var workshop = new Workshop(await server.NewDatabaseAsync(), "");
        await workshop.MigrateAsync();
        var damaged = Copy(Assert.Single(workshop.Runs), "20990101-000000-production");
        var file = Path.Combine(damaged, Journal.FileName);
        File.Delete(file);
        using (var journal = Journal.Create(damaged, Journal.Read(workshop.Runs[^1]) with { Kind = Enum.Parse<RunKind>(kind, ignoreCase: true), Run = "20990101-000000-production" }, TimeProvider.System))
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(file, [lines[0], "{\"event\":\"note\"}", lines[1]], TestContext.Current.CancellationToken);

        if (goesOn)
            Assert.Equal(RunOutcome.Done, (await workshop.RollbackAsync()).Outcome);
        else
            Assert.Contains("altered", (await Assert.ThrowsAnyAsync<EclusierException>(() => workshop.RollbackAsync())).Problem.En, StringComparison.Ordinal);
    }

    private static string Copy(string run, string name)
    {
        var copy = Path.Combine(Path.GetDirectoryName(run)!, name);
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(run))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }
}
