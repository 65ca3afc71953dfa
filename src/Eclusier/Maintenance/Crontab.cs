using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>Jobs as lines of a crontab(5).</summary>
public static class Crontab
{
    public static string Of(IEnumerable<MaintenanceJob> jobs, JobCommand command) => string.Concat(
        jobs.Where(job => job.Schedule is not null).Select(job => $"# eclusier: {job.Name}\n{job.Schedule!.Text} {Line(job, command)}\n"));

    private static string Line(MaintenanceJob job, JobCommand command) =>
        $"cd {Word(command.Folder)} && {string.Join(' ', [.. command.Variables.Select(variable => $"{variable.Key}={Word(variable.Value)}"), .. command.Words(job).Select(Word)])}";

    /// <summary>As sh wants it; cron itself makes a line end of <c>%</c>, unless a backslash stands before it, which it takes away.</summary>
    private static string Word(string word)
    {
        var plain = word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=@+".Contains(letter, StringComparison.Ordinal));
        var quoted = plain && word.Length > 0 ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        return quoted.Replace("%", @"\%", StringComparison.Ordinal);
    }
}
