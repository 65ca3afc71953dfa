using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Redaction;
using Eclusier.Runs;

namespace Eclusier.Tests.Runs;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eclusier-journal").FullName;

    private string File => Path.Combine(_folder, Journal.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_back()
    {
        using (var journal = Begin())
        {
            journal.Append(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = Phase.Apply });
            journal.Append(new JournalEntry { Event = RunEvent.StepStarted, Step = Step("001", StepStatus.Pending) });
            journal.Append(new JournalEntry { Event = RunEvent.StepFinished, Step = Step("001", StepStatus.Applied) });
            journal.Append(new JournalEntry { Event = RunEvent.Problem, Problem = new Text("a problem", "un problème") });
            journal.Append(new JournalEntry { Event = RunEvent.PhaseFinished, Phase = Phase.Apply, DurationMs = 12 });
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });
        }

        var record = Journal.Read(_folder);

        Assert.Equal(RunOutcome.Done, record.Outcome);
        Assert.Equal(StepStatus.Applied, Assert.Single(record.Steps).Status);
        Assert.Equal(new Text("a problem", "un problème"), Assert.Single(record.Problems));
        Assert.Equal((Phase.Apply, (double?)12), (record.Timeline[0].Phase, record.Timeline[0].DurationMs));
    }

    [Fact]
    public void A_line_torn_by_a_crash_is_left_out_and_then_overwritten()
    {
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = Phase.Apply });
        System.IO.File.AppendAllText(File, "{\"sequence\":2,\"at\":\"2026-");

        using (var journal = Journal.Resume(_folder, TimeProvider.System))
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });

        Assert.Equal((RunOutcome.Done, 1), (Journal.Read(_folder).Outcome, Journal.Read(_folder).Resumed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public void A_journal_without_one_whole_line_is_of_a_run_that_did_nothing(int length)
    {
        var folder = RunFolder.Create(_folder, "production", DateTimeOffset.UnixEpoch);
        Journal.Create(folder, Start() with { Name = new string('n', 2000) }, TimeProvider.System).Dispose();
        var file = Path.Combine(folder, Journal.FileName);
        var written = System.IO.File.ReadAllBytes(file);
        Assert.NotNull(RunFolder.Unfinished(_folder, "production"));

        System.IO.File.WriteAllBytes(file, written[..(length < 0 ? written.Length + length : length)]);

        Assert.Null(RunFolder.Unfinished(_folder, "production"));
    }

    [Theory]
    [InlineData("\"phase\":\"apply\"", "\"phase\":\"aqply\"")]
    [InlineData("\"sequence\":1", "\"sequence\":7")]
    public void An_altered_line_is_found(string written, string altered)
    {
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = Phase.Apply });
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(written, altered, StringComparison.Ordinal));

        var error = Assert.ThrowsAny<EclusierException>(() => Journal.Read(_folder));

        Assert.EndsWith(":2", error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_line_is_found()
    {
        using (var journal = Begin())
        {
            journal.Append(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = Phase.Inspect });
            journal.Append(new JournalEntry { Event = RunEvent.PhaseStarted, Phase = Phase.Plan });
        }

        var lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(File, [lines[0], lines[2]]);

        Assert.ThrowsAny<EclusierException>(() => Journal.Read(_folder));
    }

    [Fact]
    public void Secrets_do_not_reach_the_file()
    {
        _ = new DatabaseUrl("postgresql://ann:Hunter2Hunter2@db/app");
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = RunEvent.Problem, Problem = Text.Same("refused: Hunter2Hunter2, postgres://bob:other@db/x") });

        var text = System.IO.File.ReadAllText(File);
        Assert.DoesNotContain("Hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("other@", text, StringComparison.Ordinal);
        Assert.Single(Journal.Read(_folder).Problems);
    }

    /// <summary>Values alone were ever meant: a password <c>true</c>, <c>2026</c> or <c>step</c> once made keys and numbers unreadable.</summary>
    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("2026")]
    [InlineData("step_finished")]
    [InlineData("migration")]
    [InlineData("production")]
    [InlineData("\",\"")]
    public void A_password_that_is_a_word_leaves_the_journal_whole(string password)
    {
        Secrets.Remember(password);
        var step = Step("2026", StepStatus.Applied) with { Name = "step_finished production migration" };
        RunRecord written;
        using (var journal = Begin())
        {
            journal.Append(new JournalEntry { Event = RunEvent.StepFinished, Step = step });
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });
            written = journal.Record;
        }

        var read = Journal.Read(_folder);

        Assert.Equal((written.Environment, written.Outcome, written.FinishedAt), (read.Environment, read.Outcome, read.FinishedAt));
        Assert.Equal((step.Migration, step.Name), (read.Steps[0].Migration, read.Steps[0].Name));
        Assert.Equal("production", read.Environment);
    }

    /// <summary>A rollback executes them: they are neither changed nor shown.</summary>
    [Fact]
    public void Definitions_are_kept_to_the_letter_in_a_file_of_their_own()
    {
        const string Definition = "create function f() returns text as 'host=%s password=geheim' || 'https://u:tok3n-tok3n@h/'";
        var changes = new StepChanges("001", [new CatalogChange(new CatalogObject("function", "public.f()", Definition), null)]);
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = RunEvent.StepFinished, Step = Step("001", StepStatus.Applied), Changes = changes });

        var kept = Path.Combine(_folder, Definitions.FileName);
        Assert.Equal(Definition, Journal.Read(_folder).Changes["001"][0].Before!.Definition);
        Assert.DoesNotContain("geheim", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.Equal(OwnerOnly.File, System.IO.File.GetUnixFileMode(kept));

        // What somebody altered is not on record; the rest of the run is.
        System.IO.File.WriteAllText(kept, System.IO.File.ReadAllText(kept).Replace("geheim", "anders", StringComparison.Ordinal));
        Assert.Empty(Journal.Read(_folder).Changes);
        Assert.Single(Journal.Read(_folder).Steps);
    }

    [Fact]
    public void Only_the_newest_run_of_the_environment_counts_as_unfinished()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var first = RunFolder.Create(_folder, "production", now);
        Journal.Create(first, Start(), TimeProvider.System).Dispose();
        Assert.Equal(first, RunFolder.Unfinished(_folder, "production"));
        Assert.Null(RunFolder.Unfinished(_folder, "staging"));

        var second = RunFolder.Create(_folder, "production", now);
        using (var journal = Journal.Create(second, Start(), TimeProvider.System))
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });
        Assert.Equal(second, RunFolder.Latest(_folder, "production"));
        Assert.Null(RunFolder.Unfinished(_folder, "production"));
    }

    private Journal Begin() => Journal.Create(_folder, Start(), TimeProvider.System);

    private static RunRecord Start() => new()
    {
        Run = "r",
        Name = "n",
        Environment = "production",
        StartedAt = DateTimeOffset.UnixEpoch,
        ExecutedBy = "ann@host",
        Tool = "0",
    };

    private static StepResult Step(string version, StepStatus status) => new() { Migration = version, Name = "x", Status = status };
}
