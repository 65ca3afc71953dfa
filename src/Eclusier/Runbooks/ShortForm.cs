namespace Eclusier.Runbooks;

/// <summary>A runbook made from the command line: <c>--url</c>, <c>--path</c>, <c>--backup-to</c>, <c>--rehearse</c>.</summary>
public static class ShortForm
{
    public static Runbook Create(DatabaseUrl url, string migrationsPath, string workingDirectory, IReadOnlyList<string> backupTo, bool rehearse) => new()
    {
        Directory = workingDirectory,
        Name = Path.GetFileName(workingDirectory),
        Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { ["target"] = new("target", url) },
        Migrations = new MigrationSettings { Path = migrationsPath, Target = "target" },
        Backup = backupTo.Count == 0 ? null : new BackupSettings
        {
            To = [.. backupTo.Select(place => RunbookReader.Place(place, workingDirectory))],
            Copies = backupTo.Count,
        },
        Rehearsal = rehearse ? new RehearsalSettings(null) : null,
    };
}
