using System.Globalization;

namespace Eclusier.Values;

/// <summary>
/// When a job runs: <c>minute hour day month weekday</c>, as crontab(5) and pg_cron read it. Lists, ranges, steps and English names; Sunday is 0 or 7.
/// </summary>
/// <param name="Text">As written, with single spaces.</param>
/// <param name="Weekdays">0 is Sunday.</param>
/// <param name="AnyDay">The field begins with <c>*</c>: then day and weekday must both fit. Otherwise, where both are restricted, one is enough.</param>
public sealed record CronSchedule(string Text, IReadOnlyList<int> Minutes, IReadOnlyList<int> Hours, IReadOnlyList<int> Days, IReadOnlyList<int> Months, IReadOnlyList<int> Weekdays, bool AnyDay, bool AnyWeekday)
{
    private static readonly Field[] Fields =
    [
        new(new("minute", "minute"), 0, 59, []),
        new(new("hour", "heure"), 0, 23, []),
        new(new("day of the month", "jour du mois"), 1, 31, []),
        new(new("month", "mois"), 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        new(new("day of the week", "jour de la semaine"), 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>The most days that each month can have.</summary>
    private static readonly int[] Longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Either day is enough (crontab(5): "if both fields are restricted").</summary>
    public bool EitherDay => !AnyDay && !AnyWeekday;

    /// <returns>Null when it is no schedule; <paramref name="problem"/> says why.</returns>
    public static CronSchedule? Parse(string text, out Text? problem)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            problem = new Text($"five fields are wanted (minute hour day month weekday), not {parts.Length}", $"cinq champs sont attendus (minute heure jour mois jour-de-semaine), pas {parts.Length}");
            return null;
        }

        var sets = new SortedSet<int>[Fields.Length];
        foreach (var (index, field) in Fields.Index())
        {
            if (field.Parse(parts[index]) is not { } values)
            {
                problem = new Text($"\"{parts[index]}\" is no {field.Name.En} ({field.From}-{field.To})", $"« {parts[index]} » n'est pas un champ « {field.Name.Fr} » ({field.From}-{field.To})");
                return null;
            }

            sets[index] = values;
        }

        if (sets[4].Remove(7))
            sets[4].Add(0);
        var schedule = new CronSchedule(string.Join(' ', parts), [.. sets[0]], [.. sets[1]], [.. sets[2]], [.. sets[3]], [.. sets[4]], parts[2][0] == '*', parts[4][0] == '*');
        problem = schedule.Comes ? null : new Text("no month has that day", "aucun mois n'a ce jour");
        return schedule.Comes ? schedule : null;
    }

    /// <summary>Whether a minute of the calendar is one of it.</summary>
    public bool Holds(DateTime time)
    {
        var (day, weekday) = (Days.Contains(time.Day), Weekdays.Contains((int)time.DayOfWeek));
        return Minutes.Contains(time.Minute) && Hours.Contains(time.Hour) && Months.Contains(time.Month) && (EitherDay ? day || weekday : day && weekday);
    }

    private bool Comes => EitherDay || Months.Any(month => Days[0] <= Longest[month - 1]);

    private sealed record Field(Text Name, int From, int To, string[] Names)
    {
        public SortedSet<int>? Parse(string text)
        {
            var values = new SortedSet<int>();
            foreach (var part in text.Split(','))
            {
                if (Range(part) is not { } range)
                    return null;
                for (var value = range.From; value <= range.To; value += range.Step)
                    values.Add(value);
            }

            return values;
        }

        /// <summary><c>*</c>, <c>5</c>, <c>5-9</c>, each but the second perhaps with <c>/2</c>.</summary>
        private (int From, int To, int Step)? Range(string part)
        {
            var (body, slash, every) = Cut(part, '/');
            var step = 1;
            if (slash && (!Number(every, out step) || step < 1 || step > To))
                return null;
            if (body == "*")
                return (From, Names.Length == 7 ? 6 : To, step);
            var (first, hyphen, last) = Cut(body, '-');
            if (Value(first) is not { } from || (slash && !hyphen))
                return null;
            var to = hyphen ? Value(last) : from;
            return to >= from ? (from, to.Value, step) : null;
        }

        private int? Value(string text)
        {
            var named = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (named >= 0)
                return named + From;
            return Number(text, out var value) && value >= From && value <= To ? value : null;
        }

        private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

        private static (string Before, bool Found, string After) Cut(string text, char at)
        {
            var index = text.IndexOf(at, StringComparison.Ordinal);
            return index < 0 ? (text, false, "") : (text[..index], true, text[(index + 1)..]);
        }
    }
}
