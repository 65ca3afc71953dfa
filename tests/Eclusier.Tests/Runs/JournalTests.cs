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
            journal.Append(new JournalEntry { Event = "phase_started", Phase = "apply" });
            journal.Append(new JournalEntry { Event = "step_started", Step = Step("001", StepStatus.Pending) });
            journal.Append(new JournalEntry { Event = "step_finished", Step = Step("001", StepStatus.Applied) });
            journal.Append(new JournalEntry { Event = "problem", Problem = new Text("a problem", "un problème") });
            journal.Append(new JournalEntry { Event = "phase_finished", Phase = "apply", DurationMs = 12 });
            journal.Append(new JournalEntry { Event = "run_finished", Outcome = RunOutcome.Done });
        }

        var record = Journal.Read(_folder);

        Assert.Equal(RunOutcome.Done, record.Outcome);
        Assert.Equal(StepStatus.Applied, Assert.Single(record.Steps).Status);
        Assert.Equal(new Text("a problem", "un problème"), Assert.Single(record.Problems));
        Assert.Equal(("apply", 12d), (record.Timeline[0].Phase, record.Timeline[0].DurationMs));
    }

    [Fact]
    public void A_line_torn_by_a_crash_is_left_out_and_then_overwritten()
    {
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = "phase_started", Phase = "apply" });
        System.IO.File.AppendAllText(File, "{\"sequence\":2,\"at\":\"2026-");

        using (var journal = Journal.Resume(_folder, TimeProvider.System))
            journal.Append(new JournalEntry { Event = "run_finished", Outcome = RunOutcome.Done });

        Assert.Equal((RunOutcome.Done, 1), (Journal.Read(_folder).Outcome, Journal.Read(_folder).Resumed));
    }

    [Theory]
    [InlineData("\"phase\":\"apply\"", "\"phase\":\"aqply\"")]
    [InlineData("\"sequence\":1", "\"sequence\":7")]
    public void An_altered_line_is_found(string written, string altered)
    {
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = "phase_started", Phase = "apply" });
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(written, altered, StringComparison.Ordinal));

        var error = Assert.Throws<EclusierException>(() => Journal.Read(_folder));

        Assert.EndsWith(":2", error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_line_is_found()
    {
        using (var journal = Begin())
        {
            journal.Append(new JournalEntry { Event = "phase_started", Phase = "inspect" });
            journal.Append(new JournalEntry { Event = "phase_started", Phase = "plan" });
        }

        var lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(File, [lines[0], lines[2]]);

        Assert.Throws<EclusierException>(() => Journal.Read(_folder));
    }

    [Fact]
    public void Secrets_do_not_reach_the_file()
    {
        _ = new DatabaseUrl("postgresql://ann:Hunter2Hunter2@db/app");
        using (var journal = Begin())
            journal.Append(new JournalEntry { Event = "problem", Problem = Text.Same("refused: Hunter2Hunter2, postgres://bob:other@db/x, password=\"quoted\"") });

        var text = System.IO.File.ReadAllText(File);
        Assert.DoesNotContain("Hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("other@", text, StringComparison.Ordinal);
        Assert.Single(Journal.Read(_folder).Problems);
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
            journal.Append(new JournalEntry { Event = "run_finished", Outcome = RunOutcome.Done });
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
