using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>How a scheduler of this machine starts a job.</summary>
/// <param name="Program">Absolute path of <c>eclusier</c>.</param>
/// <param name="Runbook">Absolute path of the runbook.</param>
public sealed record JobCommand(string Program, string Runbook, string Environment)
{
    /// <summary>The program, and its arguments.</summary>
    public IReadOnlyList<string> Words(MaintenanceJob job) => [Program, "maintain", "--job", job.Name, "--runbook", Runbook, "--env", Environment, "--yes"];
}
