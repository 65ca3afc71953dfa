using Eclusier.Runbooks;

namespace Eclusier.Maintenance;

/// <summary>How a scheduler of this machine starts a job. It knows next to nothing of the shell in which the job was tried out: all that counts is said.</summary>
/// <param name="Program">Absolute path of <c>eclusier</c>.</param>
/// <param name="Runbook">Absolute path of the runbook.</param>
public sealed record JobCommand(string Program, string Runbook, string Environment)
{
    /// <summary>By which programs and files are found. Nothing that a runbook asks for is among them: it may be secret.</summary>
    private static readonly string[] Needed =
    [
        "PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "DOTNET_ROOT", "ECLUSIER_POSTGRES_BIN", "PGPASSFILE", "PGSERVICEFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "RCLONE_CONFIG",
    ];

    /// <summary>Name and value, in a fixed order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>Where it runs: beside the runbook.</summary>
    public string Folder => Path.GetDirectoryName(Runbook) ?? "/";

    /// <summary>The program, and its arguments.</summary>
    public IReadOnlyList<string> Words(MaintenanceJob job) => [Program, "maintain", "--job", job.Name, "--runbook", Runbook, "--env", Environment, "--yes"];

    /// <summary>The variables of this process that a scheduler's lacks.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> VariablesOf(Func<string, string?> environment) =>
        [.. Needed.Select(name => KeyValuePair.Create(name, environment(name) ?? "")).Where(variable => variable.Value.Length > 0)];
}
