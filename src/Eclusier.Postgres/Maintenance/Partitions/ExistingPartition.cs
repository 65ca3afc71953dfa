using System.Globalization;
using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>A partition of a table by time, as the catalog has it. Bounds are in UTC.</summary>
/// <param name="From">Null: it has no lower bound.</param>
/// <param name="Until">The first moment behind it; null: it has no upper bound.</param>
internal sealed partial record ExistingPartition(Relation Relation, DateTime? From, DateTime? Until)
{
    /// <summary>With its indexes, and those of its own partitions.</summary>
    public long Bytes { get; init; }

    /// <summary>The planner's estimate.</summary>
    public double EstimatedRows { get; init; }

    /// <summary>DETACH … CONCURRENTLY was begun, and cut off.</summary>
    public bool DetachPending { get; init; }

    /// <summary>A job was about to drop it.</summary>
    public bool Marked { get; init; }

    /// <param name="bound">What <c>pg_get_expr(relpartbound, oid)</c> says, in ISO and UTC.</param>
    /// <returns>Null when it is the default partition, or not a range of times.</returns>
    public static (DateTime? From, DateTime? Until)? Bounds(string bound)
    {
        var match = Range().Match(bound);
        if (!match.Success || !Time(match.Groups["from"].Value, out var from) || !Time(match.Groups["until"].Value, out var until))
            return null;
        return (from, until);
    }

    public bool Overlaps(DateOnly from, DateOnly until) => (From is not { } first || first < Start(until)) && (Until is not { } end || end > Start(from));

    public bool Holds(DateOnly from, DateOnly until) => (From is not { } first || first <= Start(from)) && (Until is not { } end || end >= Start(until));

    private static DateTime Start(DateOnly day) => day.ToDateTime(TimeOnly.MinValue);

    private static bool Time(string text, out DateTime? time)
    {
        time = null;
        if (text is "MINVALUE" or "MAXVALUE" or "'infinity'" or "'-infinity'")
            return true;
        if (!DateTime.TryParse(text.Trim('\''), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var parsed))
            return false;
        time = DateTime.SpecifyKind(parsed, DateTimeKind.Unspecified);
        return true;
    }

    [GeneratedRegex(@"^FOR VALUES FROM \((?<from>'[^']*'|MINVALUE)\) TO \((?<until>'[^']*'|MAXVALUE)\)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Range();
}
