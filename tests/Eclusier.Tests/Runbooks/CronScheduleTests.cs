using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Tests.Runbooks;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 2 1 * *", "2026-11-01 02:00", true)]
    [InlineData("0 2 1 * *", "2026-11-02 02:00", false)]
    [InlineData("*/15 9-17 * * mon-fri", "2026-11-20 09:45", true)]
    [InlineData("*/15 9-17 * * mon-fri", "2026-11-21 09:45", false)]
    [InlineData("0 5 * * 7", "2026-11-22 05:00", true)]
    [InlineData("0 5 * * SUN", "2026-11-22 05:00", true)]
    [InlineData("30 3 1,15 jan-jun/2 *", "2026-03-15 03:30", true)]
    [InlineData("30 3 1,15 jan-jun/2 *", "2026-02-15 03:30", false)]
    [InlineData("0 0 13 * fri", "2026-11-20 00:00", true)]
    [InlineData("0 0 13 * fri", "2026-12-13 00:00", true)]
    [InlineData("0 0 13 * fri", "2026-12-14 00:00", false)]
    [InlineData("0 0 */2 * fri", "2026-11-20 00:00", false)]
    [InlineData("  0   0 29  feb * ", "2028-02-29 00:00", true)]
    public void Minutes_of_the_calendar(string text, string minute, bool holds) =>
        Assert.Equal(holds, CronSchedule.Parse(text, out _)!.Holds(DateTime.Parse(minute, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("", "five fields are wanted (minute hour day month weekday), not 0")]
    [InlineData("0 2 1 *", "five fields are wanted (minute hour day month weekday), not 4")]
    [InlineData("@daily", "five fields are wanted (minute hour day month weekday), not 1")]
    [InlineData("60 * * * *", "\"60\" is no minute (0-59)")]
    [InlineData("0 24 * * *", "\"24\" is no hour (0-23)")]
    [InlineData("0 0 0 * *", "\"0\" is no day of the month (1-31)")]
    [InlineData("0 0 * foo *", "\"foo\" is no month (1-12)")]
    [InlineData("0 0 * * 5-2", "\"5-2\" is no day of the week (0-7)")]
    [InlineData("*/0 * * * *", "\"*/0\" is no minute (0-59)")]
    [InlineData("5/10 * * * *", "\"5/10\" is no minute (0-59)")]
    [InlineData("1,,2 * * * *", "\"1,,2\" is no minute (0-59)")]
    [InlineData("-5 * * * *", "\"-5\" is no minute (0-59)")]
    [InlineData("0 0 30 feb *", "no month has that day")]
    [InlineData("0 0 31 4,6,9,11 *", "no month has that day")]
    public void What_is_no_schedule_says_why(string text, string why)
    {
        Assert.Null(CronSchedule.Parse(text, out var problem));
        Assert.Equal(why, problem!.En);
    }

    [Fact]
    public void Any_text_is_a_schedule_or_has_a_reason() => Prop.ForAll<string>(text =>
    {
        var schedule = CronSchedule.Parse(text ?? "", out var problem);
        Assert.True(schedule is null != problem is null);
    }).QuickCheckThrowOnFailure();

    /// <summary>Each field against its plain reading: the numbers from a to b, every s of them.</summary>
    [Fact]
    public void Lists_of_ranges_with_steps_are_the_numbers_that_they_name() => Prop.ForAll(Schedules().ToArbitrary(), fields =>
    {
        var text = string.Join(' ', fields.Select(ranges => string.Join(',', ranges.Select(range => $"{range.From}-{range.To}/{range.Step}"))));
        var expected = fields.Select(ranges => ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1).Where(number => (number - range.From) % range.Step == 0)).Distinct().Order().ToList()).ToList();

        var schedule = CronSchedule.Parse(text, out var problem);

        Assert.Null(problem);
        Assert.Equal(expected[0], schedule!.Minutes);
        Assert.Equal(expected[1], schedule.Hours);
        Assert.Equal(expected[2], schedule.Days);
        Assert.Equal(expected[3], schedule.Months);
        Assert.Equal(expected[4].Select(day => day % 7).Distinct().Order(), schedule.Weekdays);
        Assert.True(schedule.EitherDay);
        Assert.Equal(schedule, CronSchedule.Parse(schedule.Text, out _)! with { Minutes = schedule.Minutes, Hours = schedule.Hours, Days = schedule.Days, Months = schedule.Months, Weekdays = schedule.Weekdays });
    }).QuickCheckThrowOnFailure();

    private static Gen<(int From, int To, int Step)[][]> Schedules() =>
        from minutes in Ranges((0, 59))
        from hours in Ranges((0, 23))
        from days in Ranges((1, 31))
        from months in Ranges((1, 12))
        from weekdays in Ranges((0, 7))
        select new[] { minutes, hours, days, months, weekdays };

    private static Gen<(int From, int To, int Step)[]> Ranges((int From, int To) bounds) =>
        from count in Gen.Choose(1, 3)
        from ranges in Gen.ArrayOf(Range(bounds), count)
        select ranges;

    private static Gen<(int From, int To, int Step)> Range((int From, int To) bounds) =>
        from one in Gen.Choose(bounds.From, bounds.To)
        from other in Gen.Choose(bounds.From, bounds.To)
        from step in Gen.Choose(1, bounds.To)
        select (Math.Min(one, other), Math.Max(one, other), step);
}
