using Eclusier.Backups;
using Eclusier.Checks;
using Eclusier.Comparisons;
using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Rehearsals;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Migrations;

/// <summary>
/// One run through the gates: inspect, plan, back up, rehearse, decide, apply, verify, perhaps back up again, report. Each phase leaves its
/// evidence in the journal; a run that was cut off is taken up where it stopped.
/// </summary>
public sealed class MigrationRun(RunSetup setup)
{
    /// <summary>All phases, in order.</summary>
    /// <exception cref="EclusierException">The run could not begin or go on; the journal, if there is one, stays open.</exception>
    public async Task<RunRecord> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        if (RunFolder.Unfinished(setup.Runbook.Directory, setup.Environment.Name) is null && await target.SettledPlanAsync(setup.Runbook, setup.Environment, cancellationToken) is { } settled)
            return NothingToDo(settled);

        await target.LockAsync(cancellationToken);
        // Only now is it certain that nobody else finishes it.
        var unfinished = RunFolder.Unfinished(setup.Runbook.Directory, setup.Environment.Name);
        await RefuseAnotherAsync(unfinished, target, cancellationToken);
        using var journal = unfinished is null ? setup.Begin(RunKind.Migrate) : Journal.Resume(unfinished, setup.Time);
        var run = setup.Context(journal, target);
        var record = await GoThroughAsync(run, cancellationToken);
        return record with { Report = ReportWriter.Write(record, setup.Options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        try
        {
            if (run.Record.Decision is not { Outcome: Outcome.Go })
            {
                await InspectPhase.RunAsync(run, cancellationToken);
                await PlanPhase.RunAsync(run, cancellationToken);
                if (!await DecidePhase.GateIsOpenAsync(run, cancellationToken))
                    return run.Finish(RunOutcome.NoGo);
                await BackupPhase.RunAsync(run, copy, cancellationToken);
                await RehearsePhase.RunAsync(run, copy, cancellationToken);
                await copy.DisposeAsync();
                await DecidePhase.RunAsync(run, cancellationToken);
                if (run.Record.Decision is not { Outcome: Outcome.Go })
                    return run.Finish(RunOutcome.NoGo);
            }

            if (!await ApplyPhase.RunAsync(run, cancellationToken))
                return run.Finish(RunOutcome.MigrationFailed);
            var verified = await VerifyPhase.RunAsync(run, cancellationToken);
            return run.Finish(verified == RunOutcome.Done ? await BackupAfterPhase.RunAsync(run, cancellationToken) : verified);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.FinishUnchanged();
            run.Problem(new Text("Interrupted. Run `migrate` again: it goes on from here.", "Interrompue. Relancez `migrate` : elle reprendra ici."));
            return run.Record with { Outcome = RunOutcome.Interrupted };
        }
    }

    /// <summary>Looks at the target, read-only, with the diagnosis. Nothing is written anywhere.</summary>
    public async Task<Inspection> InspectAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        var found = await InspectPhase.LookAsync(setup.Runbook, target, cancellationToken);
        return await InspectPhase.DiagnoseAsync(found, setup.Runbook, setup.Environment, target, cancellationToken);
    }

    /// <summary>What <see cref="MigrateAsync"/> would run. Nothing is written anywhere.</summary>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        return await target.PlanAsync(setup.Runbook, setup.Environment, cancellationToken);
    }

    /// <summary>A new backup, restored and counted where the runbook asks for it.</summary>
    /// <returns>A record whose outcome is done, or no-go when a copy or the restore is not what it should be.</returns>
    public Task<RunRecord> BackupAsync(CancellationToken cancellationToken) => ApartAsync(
        async run =>
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await using var copy = new RestoredCopy();
            await BackupPhase.RunAsync(run, copy, cancellationToken, reuse: false);
            return BackupPhase.IsGood(run.Record.Backup, setup.Runbook.Backup!);
        },
        cancellationToken);

    /// <summary>Plans, backs up (or proves a recent backup again), and rehearses. The target is not changed.</summary>
    public Task<RunRecord> RehearseAsync(CancellationToken cancellationToken) => ApartAsync(
        async run =>
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanPhase.RunAsync(run, cancellationToken);
            await using var copy = new RestoredCopy();
            await BackupPhase.RunAsync(run, copy, cancellationToken);
            await RehearsePhase.RunAsync(run, copy, cancellationToken);
            return run.Record.Rehearsal is { Passed: true };
        },
        cancellationToken);

    /// <summary>Asks the runbook's checks, and compares its invariants with those of the last run, when there is one, and the target with its reference.</summary>
    public async Task<RunRecord> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        return await VerifyAsync(target, cancellationToken);
    }

    /// <summary>The same, and measures the runbook's queries on the state before the newest run and on the state after it; that run's report then has the figures.</summary>
    /// <exception cref="InvalidInputException">There is nothing to compare, or no run to compare around.</exception>
    public async Task<RunRecord> CompareAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        await ComparePhase.FolderOfAsync(setup, target, cancellationToken);
        return await ComparePhase.RunAsync(setup, target, await VerifyAsync(target, cancellationToken), cancellationToken);
    }

    private async Task<RunRecord> VerifyAsync(Database target, CancellationToken cancellationToken)
    {
        // What is not compared is not read: it may be damaged.
        var latest = setup.Runbook.Invariants.Count == 0 ? null : RunFolder.LatestMigration(setup.Runbook.Directory, setup.Environment.Name);
        var before = latest is null ? [] : Journal.Read(latest).Invariants;
        return await VerifyPhase.AskAsync(setup, target, before, cancellationToken);
    }

    /// <summary>A phase by itself, in a run folder of its own that <c>migrate</c> does not resume.</summary>
    private async Task<RunRecord> ApartAsync(Func<RunContext, Task<bool>> phases, CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        using var journal = setup.Begin(RunKind.Migrate);
        var run = setup.Context(journal, target);
        RunRecord record;
        try
        {
            record = run.Finish(await phases(run) ? RunOutcome.Done : RunOutcome.NoGo);
        }
        catch (Exception)
        {
            run.Finish(RunOutcome.NoGo);
            throw;
        }

        return record with { Report = ReportWriter.Write(record, setup.Options.Language, run.Folder) };
    }

    /// <summary>The same environment may lead to another database today: that one has not had the steps of the unfinished run.</summary>
    /// <exception cref="EclusierException">The unfinished run was on another database.</exception>
    private static async Task RefuseAnotherAsync(string? unfinished, Database target, CancellationToken cancellationToken)
    {
        if (unfinished is null || Journal.Read(unfinished) is not { Inspection: { } then } run)
            return;
        var moved = then.Target != target.Description;
        // Before the decision nothing was applied, and all that was found out is found out again.
        if (!moved && (run.Decision is not { Outcome: Outcome.Go } || then.Identity is null || then.Identity.Is(await target.IdentifyAsync(cancellationToken))))
            return;
        throw new InvalidInputException(
            moved
                ? new Text($"A run on {then.Target} was not finished, and this is {target.Description}.", $"Une exécution sur {then.Target} n'est pas terminée, et ceci est {target.Description}.")
                : new Text(
                    $"A run on {then.Target} was not finished, and this is another database: the former one was dropped or renamed, or the address leads to another server.",
                    $"Une exécution sur {then.Target} n'est pas terminée, et ceci est une autre base : la précédente a été supprimée ou renommée, ou l'adresse mène à un autre serveur."),
            unfinished,
            new Text("Finish it with its own URL first, or move its folder away if it is to be given up.", "Terminez-la d'abord avec sa propre URL, ou déplacez son dossier si vous y renoncez."));
    }

    private RunRecord NothingToDo(Plan plan) => setup.Start(RunKind.Migrate) with
    {
        Outcome = RunOutcome.NothingToDo,
        FinishedAt = setup.Time.GetUtcNow(),
        Plan = plan,
        Decision = new Decision(Outcome.NothingToDo, plan.Id, []),
    };
}
