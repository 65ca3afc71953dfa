using System.Globalization;
using System.Text;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>How names of partitions tell their first day: <c>sends_2025_01</c> is <c>sends_</c> and <c>YYYY_MM</c>.</summary>
/// <param name="Pattern">Of <c>to_char</c> (https://www.postgresql.org/docs/current/functions-formatting.html): YYYY, IYYY, MM, DD, IW, Q, and text in double quotes; other signs stand for themselves.</param>
internal sealed record NameFormat(string Prefix, string Pattern, string Suffix)
{
    private static readonly string[] Parts = ["IYYY", "YYYY", "MM", "DD", "IW", "Q"];

    public string NameOf(DateOnly from) => $"{Prefix}{Render(Pattern, from)}{Suffix}";

    /// <summary>The format that one of the patterns makes of this name; null when its day does not stand in it so.</summary>
    public static NameFormat? Of(string name, DateOnly from, string pattern)
    {
        var written = Render(pattern, from);
        var at = name.LastIndexOf(written, StringComparison.Ordinal);
        return at < 0 ? null : new NameFormat(name[..at], pattern, name[(at + written.Length)..]);
    }

    /// <summary>As the server's <c>to_char</c> does.</summary>
    internal static string Render(string pattern, DateOnly day)
    {
        var text = new StringBuilder();
        for (var index = 0; index < pattern.Length;)
        {
            if (pattern[index] == '"')
            {
                var end = pattern.IndexOf('"', index + 1);
                text.Append(pattern, index + 1, end - index - 1);
                index = end + 1;
            }
            else if (Parts.FirstOrDefault(part => string.CompareOrdinal(pattern, index, part, 0, part.Length) == 0) is { } part)
            {
                text.Append(Value(part, day));
                index += part.Length;
            }
            else
            {
                text.Append(pattern[index++]);
            }
        }

        return text.ToString();
    }

    private static string Value(string part, DateOnly day) => part switch
    {
        "IYYY" => ISOWeek.GetYear(day.ToDateTime(default)).ToString("0000", CultureInfo.InvariantCulture),
        "YYYY" => day.Year.ToString("0000", CultureInfo.InvariantCulture),
        "MM" => day.Month.ToString("00", CultureInfo.InvariantCulture),
        "DD" => day.Day.ToString("00", CultureInfo.InvariantCulture),
        "IW" => ISOWeek.GetWeekOfYear(day.ToDateTime(default)).ToString("00", CultureInfo.InvariantCulture),
        _ => (((day.Month - 1) / 3) + 1).ToString(CultureInfo.InvariantCulture),
    };
}
