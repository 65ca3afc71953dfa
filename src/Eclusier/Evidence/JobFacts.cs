using Eclusier.Runbooks;

namespace Eclusier.Evidence;

/// <summary>The job that a run is about.</summary>
/// <param name="Kind">The key of the runbook that says what it does; <c>schedule</c>: it installs the schedules of the others.</param>
/// <param name="Schedule">When it runs, as crontab(5) writes it; null: only when somebody runs it.</param>
public sealed record JobFacts(string Name, string Kind, string? Schedule)
{
    public const string Scheduling = "schedule";

    public static JobFacts Of(MaintenanceJob job) => new(job.Name, job.Kind, job.Schedule?.Text);

    /// <summary>What a user types to run it.</summary>
    public string Command => Kind == Scheduling ? "maintain --schedule" : $"maintain --job \"{Name}\"";
}
