using Eclusier.Backups;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Inspections;

/// <summary>Looks at the target on a read-only connection.</summary>
internal static class InspectPhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(
        "inspect",
        async () => new JournalEntry { Event = "", Inspection = await LookAsync(run.Runbook, run.Target, cancellationToken) });

    public static async Task<Inspection> LookAsync(Runbook runbook, Database target, CancellationToken cancellationToken)
    {
        var inspection = await target.InspectAsync(runbook, cancellationToken);
        if (runbook.Backup is not { } backup)
            return inspection;

        // A dump holds no index; compressed, it is smaller than the tables nearly always.
        var needed = inspection.Tables.Sum(table => table.TableBytes) + inspection.Collections.Sum(collection => collection.Bytes);
        return inspection with { Disks = BackupStore.FreeSpace(backup, RunFolder.Root(runbook.Directory), needed) };
    }
}
