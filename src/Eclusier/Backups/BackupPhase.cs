using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Backups;

/// <summary>Dumps, copies, reads every copy back, restores one and counts its rows.</summary>
internal static class BackupPhase
{
    /// <param name="run">The run.</param>
    /// <param name="copy">Receives the restored database, for the rehearsal.</param>
    /// <param name="reuse">Take a recent backup of the same state, proved again, instead of a new one.</param>
    public static async Task RunAsync(RunContext run, RestoredCopy copy, CancellationToken cancellationToken, bool reuse = true)
    {
        if (run.Runbook.Backup is not { } settings)
            return;
        await run.PhaseAsync(Phase.Backup, async () => new JournalEntry
        {
            Backup = await run.InStagingAsync(async staging =>
            {
                var backup = (reuse ? await FindRecentAsync(run, settings, cancellationToken) : null) ?? await TakeAsync(run, settings, staging, cancellationToken);
                return settings.Restore || run.Runbook.Rehearsal is not null
                    ? backup with { Restore = await RestoreAsync(run, settings, backup, copy, staging, cancellationToken) }
                    : backup;
            }),
        });
    }

    /// <summary>Enough verified copies, none of them altered, and the restore (where asked for) passed.</summary>
    public static bool IsGood(Backup? backup, BackupSettings settings) =>
        backup is not null
        && backup.Copies.All(c => c.Verified)
        && backup.Copies.Count >= settings.Copies
        && (backup.Restore is { Passed: true } || !settings.Restore);

    internal static Task<Backup> TakeAsync(RunContext run, BackupSettings settings, string staging, CancellationToken cancellationToken) =>
        BackupStore.TakeAsync(run.Target, settings, run.Environment, staging, run.Time, run.Observer.Progress, cancellationToken);

    private static async Task<Backup?> FindRecentAsync(RunContext run, BackupSettings settings, CancellationToken cancellationToken) =>
        run.Record.Plan is { } plan
            ? await KnownBackups.RecentAsync(settings, run.Environment, run.Target, plan.SchemaFingerprint, run.Time.GetUtcNow(), cancellationToken)
            : null;

    /// <param name="copy">Receives the restored database.</param>
    internal static async Task<RestoreCheck> RestoreAsync(RunContext run, BackupSettings settings, Backup backup, RestoredCopy copy, string staging, CancellationToken cancellationToken)
    {
        run.Observer.Progress(new Text("restoring a copy and counting its rows", "restauration d'une copie et décompte de ses lignes"));
        copy.Sandbox = await run.OpenSandboxAsync(cancellationToken);
        var surroundings = await run.SurroundingsAsync(cancellationToken);
        var (check, restored) = await BackupStore.RestoreAsync(backup, settings, copy.Sandbox, surroundings, staging, cancellationToken);
        // What could not be restored is nothing to rehearse on.
        copy.Database = check.Problem is null ? restored : null;
        if (restored is not null && copy.Database is null)
            await restored.DisposeAsync();
        return check;
    }
}
