namespace Eclusier.Evidence;

/// <summary>Which jobs the server runs by itself, and what is needed for the others.</summary>
/// <param name="Scheduler">Such as <c>pg_cron 1.6</c>; null: the server has none.</param>
/// <param name="Crontab">Lines for the jobs that run elsewhere.</param>
/// <param name="Units">The same for systemd: one file each.</param>
/// <param name="Run">What was changed on the server.</param>
public sealed record ScheduleRecord(string? Scheduler, IReadOnlyList<string> OnServer, IReadOnlyList<ScheduledElsewhere> Elsewhere, string Crontab, IReadOnlyList<SystemdUnit> Units, RunRecord Run)
{
    /// <summary>Variables of the runbook that a scheduler does not know: they belong into <c>.env</c> beside it.</summary>
    public IReadOnlyList<string> MissingVariables { get; init; } = [];
}

/// <param name="Why">Why the server cannot run it.</param>
/// <param name="Needs">What it lacks to run unattended; null: nothing.</param>
public sealed record ScheduledElsewhere(string Job, Text Why, Text? Needs);

/// <param name="Name">Of the file, for <c>/etc/systemd/system</c>.</param>
public sealed record SystemdUnit(string Name, string Text);
