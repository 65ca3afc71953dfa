using Eclusier.Backups;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Inspections;

/// <summary>Looks at the target on a read-only connection.</summary>
internal static class InspectPhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(
        Phase.Inspect,
        async () =>
        {
            var found = await LookAsync(run.Runbook, run.Target, cancellationToken);
            return new JournalEntry { Inspection = run.Runbook.Inspect.InRuns ? await DiagnoseAsync(found, run.Runbook, run.Environment, run.Target, cancellationToken) : found };
        });

    /// <summary>The inspection, and what is wrong.</summary>
    public static async Task<Inspection> DiagnoseAsync(Inspection found, Runbook runbook, TargetEnvironment environment, Database target, CancellationToken cancellationToken)
    {
        if (found.System != DatabaseSystem.PostgreSql)
            return found;
        var scope = DiagnosticScope.Of(runbook.Inspect, environment) with { Plan = await PlanAsync(runbook, environment, target, cancellationToken), Disks = found.Disks };
        return found with { Findings = await target.DiagnoseAsync(scope, cancellationToken) };
    }

    /// <summary>Files that make no plan are for the plan to refuse: looking goes on without one.</summary>
    private static async Task<Plan?> PlanAsync(Runbook runbook, TargetEnvironment environment, Database target, CancellationToken cancellationToken)
    {
        try
        {
            return await target.PlanAsync(runbook, environment, cancellationToken);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    public static async Task<Inspection> LookAsync(Runbook runbook, Database target, CancellationToken cancellationToken)
    {
        var inspection = await target.InspectAsync(runbook, cancellationToken) with { Identity = await target.IdentifyAsync(cancellationToken) };
        if (runbook.Backup is not { } backup)
            return inspection;

        // A dump holds no index; compressed, it is smaller than the tables nearly always.
        var needed = inspection.Tables.Sum(table => table.TableBytes) + inspection.Collections.Sum(collection => collection.Bytes);
        var disks = BackupStore.FreeSpace(backup, RunFolder.Root(runbook.Directory), needed);
        // A sandbox holds the restored copy with its indexes.
        return inspection with
        {
            Disks = backup.Restore && runbook.Rehearsal?.Url is null ? [.. disks, new DiskSpace(Path.GetTempPath(), new DriveInfo(Path.GetTempPath()).AvailableFreeSpace, inspection.SizeBytes)] : disks,
        };
    }
}
