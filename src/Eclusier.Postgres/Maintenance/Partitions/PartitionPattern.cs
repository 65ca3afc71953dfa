using Eclusier.Planning;
using Eclusier.Postgres.Partitions;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>How a table is partitioned, told from the partitions that it has.</summary>
internal sealed record PartitionPattern(PartitionInterval Interval, NameFormat Names)
{
    /// <summary>The newest partitions speak for the next ones: what was made long ago may have been made otherwise.</summary>
    private const int Asked = 3;

    private static readonly string[] Days = ["YYYY_MM_DD", "YYYY-MM-DD", "YYYYMMDD", "\"y\"YYYY\"m\"MM\"d\"DD"];
    private static readonly string[] Months = ["YYYY_MM", "YYYY-MM", "YYYYMM", "YYYY\"m\"MM", "YYYY_\"m\"MM"];

    /// <returns>Null when the newest partitions are not whole days, weeks, months, quarters or years (in UTC) of one kind.</returns>
    /// <param name="table">The partitioned table's name, unquoted: where the partitions' names do not tell their time in any usual way, the next ones are called after it.</param>
    public static PartitionPattern? Infer(IEnumerable<ExistingPartition> partitions, string table)
    {
        var newest = partitions
            .Where(partition => partition is { From: not null, Until: not null })
            .OrderByDescending(partition => partition.Until)
            .Take(Asked)
            .Select(partition => (partition.Relation.Name, Range: RangeOf(partition)))
            .ToList();
        if (newest.Count == 0 || newest.Any(each => each.Range is null) || newest.DistinctBy(each => each.Range!.Value.Interval).Count() != 1)
            return null;
        var interval = newest[0].Range!.Value.Interval;
        var usual = newest[0].Range!.Value;
        return new PartitionPattern(interval, FormatOf(interval, newest.Select(each => (each.Name, each.Range!.Value.From))) ?? FormatOf(interval, [(usual.NameIn(table), usual.From)])!);
    }

    private static NameFormat? FormatOf(PartitionInterval interval, IEnumerable<(string Name, DateOnly From)> named) => Patterns(interval)
        .Select(pattern => named.Select(each => NameFormat.Of(each.Name, each.From, pattern)).Distinct().ToList())
        .FirstOrDefault(formats => formats is [not null])?[0];

    /// <summary>The whole interval that a partition is; null when it is none.</summary>
    private static PartitionRange? RangeOf(ExistingPartition partition)
    {
        if (partition.From is not { } start || partition.Until is not { } end || start.TimeOfDay != TimeSpan.Zero || end.TimeOfDay != TimeSpan.Zero)
            return null;
        var (from, until) = (DateOnly.FromDateTime(start), DateOnly.FromDateTime(end));
        foreach (var interval in Enum.GetValues<PartitionInterval>())
        {
            var range = PartitionRange.Holding(from, interval);
            if (range.From == from && range.Until == until)
                return range;
        }

        return null;
    }

    /// <summary>How people write the time of such a partition, the longer first.</summary>
    private static IEnumerable<string> Patterns(PartitionInterval interval) => interval switch
    {
        PartitionInterval.Day => Days,
        PartitionInterval.Week => ["IYYY_\"w\"IW", "IYYY\"w\"IW", "IYYY-\"W\"IW", "IYYY_IW", .. Days],
        PartitionInterval.Month => [.. Days, .. Months],
        PartitionInterval.Quarter => ["YYYY_\"q\"Q", "YYYY\"q\"Q", "YYYY-\"Q\"Q", .. Days, .. Months],
        _ => [.. Days, .. Months, "YYYY"],
    };
}
