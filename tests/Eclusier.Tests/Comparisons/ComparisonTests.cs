using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Reports;
using Eclusier.Runs;
using Eclusier.Tests.Shared;

namespace Eclusier.Tests.Comparisons;

public sealed class ComparisonTests
{
    private static readonly ComparedStates States = new("run", DateTimeOffset.UnixEpoch, "sandbox", "backup", null);

    [Theory]
    [InlineData(100, 10, 5.0, true, "10 times as fast")]
    [InlineData(100, 10, 20.0, false, "10 times as fast")]
    [InlineData(100, 10, null, true, "10 times as fast")]
    [InlineData(100, 99, 2.0, false, "as fast as before")]
    [InlineData(10, 25, null, true, "2.5 times slower")]
    public void The_ratio_is_of_the_medians_and_a_demand_is_held_against_it(double before, double after, double? faster, bool passed, string said)
    {
        var found = new Comparison("q", Measured(before), Measured(after), Measured(1), faster);

        Assert.Equal((passed, said), (found.Passed, found.Said!.En));
    }

    [Fact]
    public void A_demand_that_nothing_can_show_is_not_met_unless_an_extension_is_missing()
    {
        var refused = new Measurement { Problem = Text.Same("refused") };

        Assert.False(new Comparison("q", refused, Measured(1), Measured(1), 2).Passed);
        Assert.True(new Comparison("q", refused with { Unproven = true }, Measured(1), Measured(1), 2).Passed);
        Assert.True(new Comparison("q", refused, Measured(1), Measured(1), null).Passed);
    }

    [Fact]
    public void What_changed_in_the_plan_is_told_and_what_stayed_is_not()
    {
        var found = new Comparison("q", Measured(9, "Aggregate", "Seq Scan on a", "Seq Scan on a", "Seq Scan on b"), Measured(1, "Aggregate", "Seq Scan on a", "Index Scan using i on b"), Measured(1), null);

        Assert.Equal("Seq Scan on a; Seq Scan on b → Index Scan using i on b", found.PlanChange.En);
        Assert.Equal("the same plan", new Comparison("q", Measured(9, "Result"), Measured(1, "Result"), Measured(1), null).PlanChange.En);
    }

    [Fact]
    public void A_run_that_was_done_is_not_once_a_demand_is_not_met_and_its_end_stays_when_it_was()
    {
        using var folder = new TemporaryFolder();
        using (var journal = Journal.Create(folder.Path, new RunRecord { Run = "r", Name = "n", Environment = "e", StartedAt = DateTimeOffset.UnixEpoch, ExecutedBy = "me", Tool = "1" }, TimeProvider.System))
            journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Done });
        var finished = Journal.Read(folder.Path).FinishedAt;

        using (var journal = Journal.Reopen(folder.Path, TimeProvider.System))
            journal.Append(new JournalEntry { Event = RunEvent.Compared, Compared = States, Comparisons = [new Comparison("q", Measured(1), Measured(1), Measured(1), 2)], Outcome = RunOutcome.ChecksFailed });
        var run = Journal.Read(folder.Path);

        Assert.Equal((RunOutcome.ChecksFailed, finished, 0), (run.Outcome, run.FinishedAt, run.Resumed));
        Assert.Contains("a query is not as much faster as demanded", File.ReadAllText(ReportWriter.Write(run, Language.En, folder.Path).Markdown), StringComparison.Ordinal);
    }

    [Fact]
    public void As_json_it_has_its_ratio_and_its_verdict()
    {
        var json = JsonSerializer.Serialize(
            new RunRecord { Run = "r", Name = "n", Environment = "e", StartedAt = DateTimeOffset.UnixEpoch, ExecutedBy = "me", Tool = "1", Comparisons = [new Comparison("q", Measured(10, "Result"), Measured(4), Measured(1), 2)] },
            EclusierJson.For(Language.En).RunRecord);

        using var document = JsonDocument.Parse(json);
        var found = document.RootElement.GetProperty("comparisons")[0];
        Assert.Equal(2.5, found.GetProperty("ratio").GetDouble());
        Assert.True(found.GetProperty("passed").GetBoolean());
        Assert.Equal("Result", found.GetProperty("before").GetProperty("plan")[0].GetString());
    }

    private static Measurement Measured(double median, params string[] plan) => new() { Samples = 5, MedianMs = median, P95Ms = median, Rows = 1, BuffersHit = 1, BuffersRead = 0, Plan = plan };
}
