using System.Diagnostics;
using Eclusier.Backups;
using Eclusier.Checks;
using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Rollbacks;

/// <summary>
/// The full rollback: a backup is restored beside the live database and counted, what was written since is listed, and only then do the
/// two change names. The former database stays; when a check fails it becomes the live one again.
/// </summary>
public sealed class RestoreRun(RunSetup setup)
{
    /// <param name="backupId">Null: that of the last run, or else the newest.</param>
    /// <exception cref="EclusierException">The run could not begin, there is no such backup (<see cref="InvalidInputException"/>), or the swap was refused (<see cref="UnavailableException"/>).</exception>
    /// <param name="inPlace">Where databases cannot be renamed: replace what is in the live one, while nobody can work with it.</param>
    public async Task<RunRecord> RunAsync(string? backupId, bool inPlace, CancellationToken cancellationToken)
    {
        var target = await setup.ConnectAsync(cancellationToken);
        await using var live = new LiveDatabase(target);
        await target.LockAsync(cancellationToken);
        var unfinished = RunFolder.UnfinishedIfReadable(setup.Runbook.Directory, setup.Environment.Name);
        var backup = await RestorableBackup.FindAsync(setup, backupId, target, cancellationToken);
        using var journal = setup.Begin(RunKind.Restore);
        var run = setup.Context(journal, target);
        await using var swap = await setup.Engine.PrepareSwapAsync(setup.Environment, setup.Time, cancellationToken);
        var record = await GoThroughAsync(run, live, swap, backup, inPlace, unfinished, cancellationToken);
        return record with { Report = ReportWriter.Write(record, setup.Options.Language, run.Folder) };
    }

    private async Task<RunRecord> GoThroughAsync(RunContext run, LiveDatabase live, DatabaseSwap swap, RestorableBackup backup, bool inPlace, string? unfinished, CancellationToken cancellationToken)
    {
        var beside = false;
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            var (plan, evidence) = PlanOf(run, backup.Backup);
            if (!await Gate.IsOpenAsync(run, plan.Id, [TargetCriteria.Environment(evidence), TargetCriteria.Server(evidence)], run.Environment.Protected))
                return run.Finish(RunOutcome.NoGo);
            beside = swap.Impossible is null;
            await RestoreAsync(run, swap, backup, cancellationToken);
            await DecideAsync(run, inPlace, cancellationToken);
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.Finish(RunOutcome.NoGo);
            RollbackRun.GiveUp(unfinished, run);
            if (!await BeforeSwapAsync(run, cancellationToken))
                return run.Finish(RunOutcome.NoGo);
            if (swap.Impossible is not null)
                return run.Finish(await ReplaceAsync(run, cancellationToken));
            await live.DisposeAsync();
            await SwapAsync(run, swap);
            beside = false;
            return run.Finish(await VerifyAsync(run, swap, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.Problem(new Text("Interrupted before the swap: nothing was changed.", "Interrompue avant l'échange : rien n'a été modifié."));
            return run.Finish(RunOutcome.Interrupted);
        }
        finally
        {
            if (beside)
                await swap.DropBesideAsync();
        }
    }

    /// <summary>Restores beside the live database, counts, and compares with what is live now.</summary>
    private static Task RestoreAsync(RunContext run, DatabaseSwap swap, RestorableBackup found, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Restore, async () =>
    {
        var backup = found.Backup;
        var evidence = new RestoreEvidence { Backup = backup.Manifest.Id, TakenAt = backup.Manifest.TakenAt, OfAnother = found.OfAnother, Impossible = swap.Impossible, Warnings = swap.Warnings };
        if (!backup.Copies.Any(copy => copy.Verified))
            return new JournalEntry { Backup = backup, Restore = evidence };
        return await run.InStagingAsync(async staging =>
        {
            foreach (var left in await swap.RemoveLeftoversAsync(cancellationToken))
                run.Note(left);
            run.Observer.Progress(new Text("restoring beside the live database", "restauration à côté de la base en service"));
            // Where there is no room beside it, a throwaway server shows that the backup can be restored, and how long that takes.
            await using var elsewhere = swap.Impossible is null ? null : await run.OpenSandboxAsync(cancellationToken);
            await using var restored = elsewhere is null ? await swap.CreateBesideAsync(cancellationToken) : await elsewhere.CreateDatabaseAsync(cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var check = await BackupStore.RestoreIntoAsync(backup, run.Runbook.Backup!, restored, staging, sameServer: elsewhere is null, cancellationToken);
            evidence = evidence with
            {
                RestoreMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                WrittenSince = Since(backup.Manifest.Dump.RowCounts, await run.Target.CountRowsAsync(cancellationToken)),
                InvariantsSince = check.Passed ? await InvariantsAsync(run, restored, cancellationToken) : [],
            };
            return new JournalEntry { Backup = backup with { Restore = check with { On = elsewhere?.Description } }, Restore = evidence };
        });
    });

    private static IReadOnlyList<RowsSince> Since(IReadOnlyDictionary<string, long> then, IReadOnlyDictionary<string, long> now) =>
        [.. then.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(table => new RowsSince(table, now.TryGetValue(table, out var rows) ? rows : null, then.TryGetValue(table, out var were) ? were : null))
            .Where(table => table.Now != table.Then)];

    private static async Task<IReadOnlyList<Text>> InvariantsAsync(RunContext run, Database restored, CancellationToken cancellationToken)
    {
        var now = await InvariantRunner.CaptureAsync(run.Runbook.Invariants, run.Target, cancellationToken);
        var then = await InvariantRunner.CompareAsync(run.Runbook.Invariants, now, restored, cancellationToken);
        return [.. then.Where(result => !result.Passed && !result.Skipped).Select(result => new Text($"{result.Name}: {result.Problem?.En}", $"{result.Name} : {result.Problem?.Fr}"))];
    }

    private static Task DecideAsync(RunContext run, bool inPlace, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Decide, async () =>
    {
        var (plan, evidence) = PlanOf(run, run.Record.Backup!);
        var decision = DecisionMaker.Of(plan.Id, RestoreCriteria.All(evidence, run.Record.Restore!, inPlace));
        return new JournalEntry { Plan = plan, Decision = await Consent.AskAsync(run, decision, run.Environment.Protected, cancellationToken) };
    });

    private static (Plan Plan, DecisionFacts Facts) PlanOf(RunContext run, Backup backup)
    {
        var target = run.Record.Inspection!.Target;
        var id = PlanId.On(run.Record.Inspection.Identity, PlanId.OfRestore(target, backup.Manifest.Id, backup.Manifest.Sha256));
        var plan = new Plan { Id = id, Environment = run.Environment.Name, Target = target, SchemaFingerprint = "", Steps = [], Applied = [] };
        return (plan, new DecisionFacts(run.Runbook, run.Environment, run.Record.Inspection, plan, backup, null, [], run.Time.GetUtcNow()));
    }

    private static async Task<bool> BeforeSwapAsync(RunContext run, CancellationToken cancellationToken)
    {
        if (await HookRunner.RunAllAsync(run, run.Runbook.Hooks.BeforeSwap, cancellationToken))
            return true;
        run.Problem(new Text("Nothing was swapped; the database is as it was.", "Rien n'a été échangé ; la base est comme avant."));
        return false;
    }

    private static Task SwapAsync(RunContext run, DatabaseSwap swap) => run.PhaseAsync(Phase.Swap, async () =>
    {
        var swapped = await swap.SwapAsync(CancellationToken.None);
        return new JournalEntry { Restore = run.Record.Restore! with { Kept = swapped.Kept, DowntimeMs = swapped.DowntimeMs } };
    });

    /// <summary>In place: the former state goes into a backup of its own first, as no database will hold it.</summary>
    private static async Task<RunOutcome> ReplaceAsync(RunContext run, CancellationToken cancellationToken)
    {
        await run.PhaseAsync(Phase.Swap, () => run.InStagingAsync(async staging =>
        {
            var former = await BackupStore.TakeAsync(run.Target, run.Runbook.Backup!, run.Environment, staging, run.Time, run.Observer.Progress, cancellationToken);
            if (!former.Copies.Any(copy => copy.Verified))
                throw new RefusedException(new Text("The present state could not be backed up; nothing was changed.", "L'état présent n'a pas pu être sauvegardé ; rien n'a été modifié."), run.Folder, new Text("See the destinations of `backup.to`.", "Voyez les destinations de `backup.to`."));
            await FetchAsync(run, staging, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var left = await run.Target.RestoreInPlaceAsync(run.Record.Backup!.Manifest.Dump, staging, CancellationToken.None);
            var downtime = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var restore = run.Record.Restore! with { Kept = former.Manifest.Id, InPlace = true, DowntimeMs = downtime, LeftAlone = left };
            return new JournalEntry { Restore = restore with { Warnings = [.. restore.Warnings, .. left.Said] } };
        }));
        await run.PhaseAsync(Phase.Verify, () => AskAsync(run, run.Target, cancellationToken));
        return run.Record.Problems.Count == 0 ? RunOutcome.Done : RunOutcome.ChecksFailed;
    }

    private static async Task FetchAsync(RunContext run, string staging, CancellationToken cancellationToken)
    {
        try
        {
            await BackupStore.FetchAsync(run.Record.Backup!, run.Runbook.Backup!, staging, cancellationToken);
        }
        catch (BackupFailedException failure)
        {
            throw new RefusedException(failure.Problem, run.Record.Backup!.Manifest.Id, new Text("Nothing was changed. Run the same command again, or choose another backup.", "Rien n'a été modifié. Relancez la même commande, ou choisissez une autre sauvegarde."), failure);
        }
    }

    private static async Task<JournalEntry> AskAsync(RunContext run, Database live, CancellationToken cancellationToken)
    {
        var checks = await CheckRunner.RunAsync(run.Runbook.Checks, CheckMoment.Before, live, cancellationToken);
        var counts = await live.CountRowsAsync(cancellationToken);
        foreach (var problem in VerifyPhase.Problems([], checks))
            run.Problem(problem);
        var others = run.Record.Restore?.LeftAlone.Tables ?? [];
        foreach (var (table, rows) in run.Record.Backup!.Manifest.Dump.RowCounts.Where(table => !others.Contains(table.Key, StringComparer.Ordinal) && counts.GetValueOrDefault(table.Key, -1) < table.Value))
            run.Problem(new Text($"{table} has {English.Count(counts.GetValueOrDefault(table, -1), "row")} instead of {rows}", $"{table} a {French.Count(counts.GetValueOrDefault(table, -1), "ligne")} au lieu de {rows}"));
        return new JournalEntry { Checks = checks, After = await InspectPhase.LookAsync(run.Runbook, live, cancellationToken) };
    }

    private async Task<RunOutcome> VerifyAsync(RunContext run, DatabaseSwap swap, CancellationToken cancellationToken)
    {
        await run.PhaseAsync(Phase.Verify, async () =>
        {
            await using var live = await setup.ConnectAsync(cancellationToken);
            return await AskAsync(run, live, cancellationToken);
        });
        if (run.Record.Problems.Count == 0)
            return RunOutcome.Done;
        await run.PhaseAsync(Phase.Swap, async () =>
        {
            var back = await swap.SwapBackAsync(CancellationToken.None);
            var restore = run.Record.Restore!;
            return new JournalEntry { Restore = restore with { Kept = null, SwappedBack = true, DowntimeMs = restore.DowntimeMs + back.DowntimeMs } };
        });
        return RunOutcome.ChecksFailed;
    }

    /// <summary>The connection to the live database, closed before the swap or at the end.</summary>
    private sealed class LiveDatabase(Database database) : IAsyncDisposable
    {
        private Database? _open = database;

        public async ValueTask DisposeAsync()
        {
            if (_open is { } open)
                await open.DisposeAsync();
            _open = null;
        }
    }
}
