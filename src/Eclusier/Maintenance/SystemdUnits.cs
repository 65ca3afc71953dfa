using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>Jobs as timers of systemd, each with its service (systemd.timer(5), systemd.service(5), systemd.time(7)). Times are UTC, as pg_cron's.</summary>
public static partial class SystemdUnits
{
    private static readonly string[] Weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    public static IReadOnlyList<SystemdUnit> Of(IEnumerable<MaintenanceJob> jobs, JobCommand command)
    {
        var units = new List<SystemdUnit>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in jobs.Where(job => job.Schedule is not null))
        {
            var name = Unique($"eclusier-{NotInNames().Replace(job.Name.ToLowerInvariant(), "-")}".TrimEnd('-').Replace("--", "-", StringComparison.Ordinal), taken);
            units.Add(new SystemdUnit($"{name}.service", Service(job, command)));
            units.Add(new SystemdUnit($"{name}.timer", Timer(job)));
        }

        return units;
    }

    /// <summary>crontab's days are either or; those of systemd are both: where both are restricted, it takes two lines.</summary>
    public static IReadOnlyList<string> Calendar(CronSchedule schedule)
    {
        var weekdays = $"{string.Join(',', schedule.Weekdays.Select(day => Weekdays[day]))} ";
        var any = schedule.Weekdays.Count == 7 ? "" : weekdays;
        return schedule.EitherDay
            ? [$"*-{Months(schedule)}-{Numbers(schedule.Days, 31)} {Time(schedule)}", $"{any}*-{Months(schedule)}-* {Time(schedule)}"]
            : [$"{any}*-{Months(schedule)}-{Numbers(schedule.Days, 31)} {Time(schedule)}"];
    }

    private static string Timer(MaintenanceJob job) =>
        $"""
        [Unit]
        Description=Eclusier: {Escaped(job.Name)}

        [Timer]
        {string.Join('\n', Calendar(job.Schedule!).Select(calendar => $"OnCalendar={calendar}"))}
        Persistent=true

        [Install]
        WantedBy=timers.target

        """;

    private static string Service(MaintenanceJob job, JobCommand command) =>
        $"""
        [Unit]
        Description=Eclusier: {Escaped(job.Name)}
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=oneshot
        WorkingDirectory={Escaped(command.Folder)}
        {string.Concat(command.Variables.Select(variable => $"Environment={Quoted($"{variable.Key}={variable.Value}")}\n"))}ExecStart={string.Join(' ', command.Words(job).Select(Word))}

        """;

    /// <summary>In a command line $ stands for a variable; in a value it is itself.</summary>
    private static string Word(string word) => Quoted(word).Replace("$", "$$", StringComparison.Ordinal);

    private static string Quoted(string text) => $"\"{Escaped(text).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Escaped(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);

    private static string Months(CronSchedule schedule) => Numbers(schedule.Months, 12);

    private static string Time(CronSchedule schedule) => $"{Numbers(schedule.Hours, 24)}:{Numbers(schedule.Minutes, 60)}:00 UTC";

    private static string Numbers(IReadOnlyList<int> numbers, int all) => numbers.Count == all ? "*" : string.Join(',', numbers.Select(number => number.ToString("00", CultureInfo.InvariantCulture)));

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{name}-{number}";
        return unique;
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex NotInNames();
}
