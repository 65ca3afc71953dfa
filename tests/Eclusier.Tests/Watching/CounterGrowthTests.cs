using Eclusier.Evidence;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Tests.Watching;

/// <summary>Counters of a server that may begin to count anew at any time.</summary>
public sealed class CounterGrowthTests
{
    private static readonly DateTimeOffset Reset = new(2026, 3, 14, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Growth_is_the_difference_without_the_watch_s_own_rollbacks()
    {
        var grown = CounterGrowth.Between(new ServerCounters(100, 10, 1, 0, 4096, 0, Reset, 5), new ServerCounters(180, 40, 3, 0, 8192, 0, Reset, 25));

        Assert.Equal(new CounterGrowth(80, 10, 2, 0, 4096, 0, 0), grown);
    }

    [Fact]
    public void Counters_that_went_back_were_reset_and_show_what_grew_since()
    {
        var grown = CounterGrowth.Between(new ServerCounters(100, 10, 7, 0, 0, 0), new ServerCounters(12, 3, 1, 0, 0, 0));

        Assert.Equal(new CounterGrowth(12, 3, 1, 0, 0, 0, 1), grown);
    }

    [Fact]
    public void A_reset_is_known_by_its_time_although_the_counters_have_grown_past_the_old_ones()
    {
        var grown = CounterGrowth.Between(new ServerCounters(100, 10, 0, 0, 0, 0, Reset), new ServerCounters(150, 12, 2, 0, 0, 0, Reset.AddHours(1)));

        Assert.Equal(new CounterGrowth(150, 12, 2, 0, 0, 0, 1), grown);
    }

    [Fact]
    public void Growth_is_never_negative()
    {
        var counters = Gen.Choose(0, 1000).Select(value => (long)value).ArrayOf(7)
            .Zip(Gen.Elements<DateTimeOffset?>(null, Reset, Reset.AddHours(1)))
            .Select(given => new ServerCounters(given.Item1[0], given.Item1[1], given.Item1[2], given.Item1[3], given.Item1[4], given.Item1[5], given.Item2, given.Item1[6]));

        Prop.ForAll(counters.Zip(counters).ToArbitrary(), pair =>
        {
            var grown = CounterGrowth.Between(pair.Item1, pair.Item2);
            return new[] { grown.Commits, grown.Rollbacks, grown.Deadlocks, grown.Conflicts, grown.TempBytes, grown.ChecksumFailures }.All(value => value >= 0);
        }).QuickCheckThrowOnFailure();
    }
}
