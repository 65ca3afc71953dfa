using System.Globalization;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Partitions;

/// <summary>The days of one partition, in UTC.</summary>
/// <param name="From">Its first day.</param>
/// <param name="Until">The first day of the next one.</param>
internal readonly record struct PartitionRange(PartitionInterval Interval, DateOnly From, DateOnly Until)
{
    public static PartitionRange Holding(DateOnly day, PartitionInterval interval)
    {
        var from = interval switch
        {
            PartitionInterval.Day => day,
            PartitionInterval.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            PartitionInterval.Month => new DateOnly(day.Year, day.Month, 1),
            PartitionInterval.Quarter => new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
            _ => new DateOnly(day.Year, 1, 1),
        };
        return new PartitionRange(interval, from, After(from, interval));
    }

    /// <summary>Those after it, without a gap.</summary>
    public IEnumerable<PartitionRange> Following(int count)
    {
        var range = this;
        for (var number = 0; number < count; number++)
            yield return range = range.Next();
    }

    /// <summary>From the one that holds the first day to the one that holds the last, without a gap.</summary>
    public static IEnumerable<PartitionRange> Between(DateOnly first, DateOnly last, PartitionInterval interval)
    {
        for (var range = Holding(first, interval); range.From <= last; range = range.Next())
            yield return range;
    }

    /// <summary>The name of its table, such as <c>sends_2025_01</c>, <c>sends_2025_w05</c> or <c>sends_2025_q1</c>; a long one is cut before the time.</summary>
    /// <param name="table">The partitioned table's name, without its schema, unquoted.</param>
    public string NameIn(string table) => PartitionNames.Cut(table, $"_{Suffix}");

    /// <summary>The name of the partition that takes what no other one holds.</summary>
    public static string DefaultNameIn(string table) => PartitionNames.Cut(table, "_default");

    /// <summary>As <c>create table … partition of … </c> wants it. UTC, whatever the session's time zone is.</summary>
    public string Bounds => $"for values from ({Bound(From)}) to ({Bound(Until)})";

    private PartitionRange Next() => Holding(Until, Interval);

    private string Suffix => Interval switch
    {
        PartitionInterval.Day => From.ToString("yyyy_MM_dd", CultureInfo.InvariantCulture),
        PartitionInterval.Week => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(From.ToDateTime(default)):0000}_w{ISOWeek.GetWeekOfYear(From.ToDateTime(default)):00}"),
        PartitionInterval.Month => From.ToString("yyyy_MM", CultureInfo.InvariantCulture),
        PartitionInterval.Quarter => string.Create(CultureInfo.InvariantCulture, $"{From.Year:0000}_q{((From.Month - 1) / 3) + 1}"),
        _ => From.ToString("yyyy", CultureInfo.InvariantCulture),
    };

    private static DateOnly After(DateOnly from, PartitionInterval interval) => interval switch
    {
        PartitionInterval.Day => from.AddDays(1),
        PartitionInterval.Week => from.AddDays(7),
        PartitionInterval.Month => from.AddMonths(1),
        PartitionInterval.Quarter => from.AddMonths(3),
        _ => from.AddYears(1),
    };

    /// <summary>The offset is passed over by <c>date</c> and by <c>timestamp</c>, which have none.</summary>
    private static string Bound(DateOnly day) => Literal.Quote($"{day:yyyy-MM-dd} 00:00:00+00");
}
