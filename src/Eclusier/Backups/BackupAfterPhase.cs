using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Backups;

/// <summary>Another backup once everything is applied and verified (<c>backup.after</c>): always a new one, of what the migrations left.</summary>
internal static class BackupAfterPhase
{
    /// <returns>Done, also where none is asked for; else the problems say what failed, and the migrations stay.</returns>
    public static async Task<RunOutcome> RunAsync(RunContext run, CancellationToken cancellationToken)
    {
        if (run.Runbook.Backup is not { After: true } settings)
            return RunOutcome.Done;
        // A run that was cut off behind it has it already.
        if (!BackupPhase.IsGood(run.Record.BackupAfter, settings))
            await run.PhaseAsync(Phase.BackupAfter, async () => new JournalEntry { BackupAfter = await TryAsync(run, settings, cancellationToken) });
        return BackupPhase.IsGood(run.Record.BackupAfter, settings) ? RunOutcome.Done : RunOutcome.ChecksFailed;
    }

    /// <returns>Null when there is none.</returns>
    private static async Task<Backup?> TryAsync(RunContext run, BackupSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var backup = await TakeAsync(run, settings, cancellationToken);
            foreach (var problem in Problems(backup))
                Tell(run, problem);
            return backup;
        }
        catch (EclusierException error)
        {
            Tell(run, error.Problem);
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            Tell(run, Text.Same(error.Message));
        }

        return null;
    }

    private static async Task<Backup> TakeAsync(RunContext run, BackupSettings settings, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        return await run.InStagingAsync(async staging =>
        {
            var backup = await BackupPhase.TakeAsync(run, settings, staging, cancellationToken);
            return settings.Restore ? backup with { Restore = await BackupPhase.RestoreAsync(run, settings, backup, copy, staging, cancellationToken) } : backup;
        });
    }

    private static IEnumerable<Text> Problems(Backup backup)
    {
        foreach (var copy in backup.Copies.Where(copy => !copy.Verified))
            yield return new Text($"{copy.Path}: {copy.Problem?.En}", $"{copy.Path} : {copy.Problem?.Fr}");
        if (backup.Restore is { Passed: false } restore)
            yield return restore.Problem ?? Text.Same(string.Join("; ", restore.Differences));
    }

    private static void Tell(RunContext run, Text problem) =>
        run.Problem(new Text($"Backup after the migration: {problem.En}", $"Sauvegarde après la migration : {problem.Fr}"));
}
