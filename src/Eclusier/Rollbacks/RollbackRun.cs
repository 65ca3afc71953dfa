using Eclusier.Backups;
using Eclusier.Catalog;
using Eclusier.Checks;
using Eclusier.Decisions;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Rehearsals;
using Eclusier.Reports;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Rollbacks;

/// <summary>
/// Undoes migrations, newest first: inspect, plan the way back and count what it would take along, back up, try it on the restored copy,
/// decide, apply, verify, report. Each migration and its row in the tracking table go together; cut off, the same command goes on.
/// </summary>
public sealed class RollbackRun(RunSetup setup)
{
    /// <exception cref="InvalidInputException">The run could not begin, or the request means nothing.</exception>
    public async Task<RunRecord> RunAsync(RollbackRequest request, CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        await target.LockAsync(cancellationToken);
        var forward = await target.PlanAsync(setup.Runbook, setup.Environment, cancellationToken);
        var selection = await RollbackSelection.FindAsync(request, setup, target, forward, cancellationToken);
        var unfinished = RunFolder.Unfinished(setup.Runbook.Directory, setup.Environment.Name);
        using var journal = setup.Begin(RunKind.Rollback);
        var run = setup.Context(journal, target);
        var record = await GoThroughAsync(run, request, selection, forward, unfinished, cancellationToken);
        return record with { Report = ReportWriter.Write(record, setup.Options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, RollbackRequest request, RollbackSelection selection, Plan forward, string? unfinished, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanAsync(run, selection, forward, cancellationToken);
            if (!await Gate.IsOpenAsync(run, run.Record.Plan!.Id, RollbackCriteria.Known(await EvidenceOfAsync(run, cancellationToken), run.Record.Rollback!), run.Environment.Protected))
                return run.Finish(RunOutcome.NoGo);
            if (!request.WithoutBackup)
                await BackupPhase.RunAsync(run, copy, cancellationToken, reuse: false);
            await RehearseAsync(run, copy, cancellationToken);
            await copy.DisposeAsync();
            await DecideAsync(run, request, cancellationToken);
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.Finish(RunOutcome.NoGo);
            GiveUp(unfinished, run);
            if (!await ApplyPhase.UndoAsync(run, cancellationToken))
                return run.Finish(RunOutcome.MigrationFailed);
            return run.Finish(await VerifyAsync(run, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.FinishUnchanged();
            run.Problem(new Text("Interrupted. Run the same command again: it goes on from here.", "Interrompue. Relancez la même commande : elle reprendra ici."));
            return run.Finish(RunOutcome.Interrupted);
        }
    }

    private static Task PlanAsync(RunContext run, RollbackSelection selection, Plan forward, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Plan, async () =>
    {
        var now = await run.Target.SnapshotAsync(cancellationToken);
        var reversals = await run.Target.ReverseAsync(run.Runbook, selection.Undone, selection.Recorded, now, cancellationToken);
        var steps = reversals.Select(reversal => reversal.Step).OfType<Step>().ToList();
        var rollback = new RollbackPlan(reversals, await run.Target.CountLossAsync(steps, cancellationToken)) { Dependents = Dependents(run.Runbook, selection, forward) };
        var plan = forward with
        {
            Id = PlanId.On(forward.Identity, PlanId.Of(forward.Target, now.Fingerprint, forward.Applied, steps)),
            SchemaFingerprint = now.Fingerprint,
            Steps = steps,
            Problems = [],
        };
        return new JournalEntry { Plan = plan, Rollback = rollback };
    });

    private static List<Text> Dependents(Runbook runbook, RollbackSelection selection, Plan forward)
    {
        if (!runbook.HasMigrations)
            return [];
        var undone = selection.Undone.Select(migration => migration.Version).ToHashSet(StringComparer.Ordinal);
        var names = forward.Applied.Select(migration => (migration.Version, migration.Name)).Concat(forward.Steps.Select(step => (step.Migration, step.Name)))
            .Select(name => new MigrationName(name.Item1, $"{name.Item1}_{name.Item2}.sql")).DistinctBy(name => name.Version).ToList();
        return
        [
            .. from entry in MigrationOrder.Dependencies(names, runbook.Migrations.Depends, runbook.File)
               where !undone.Contains(entry.Key.Version) && forward.Applied.Any(applied => applied.Version == entry.Key.Version)
               from needed in entry.Value
               where undone.Contains(needed.Version)
               select new Text($"{entry.Key.Version} stays and needs {needed.Version}", $"{entry.Key.Version} reste et nécessite {needed.Version}"),
        ];
    }

    /// <summary>On the restored copy, when there is one: a way back that fails shall fail there.</summary>
    private static async Task RehearseAsync(RunContext run, RestoredCopy copy, CancellationToken cancellationToken)
    {
        if (run.Runbook.Rehearsal is null || copy.Database is not { } database)
            return;
        await run.PhaseAsync(Phase.Rehearse, async () =>
        {
            var started = run.Time.GetTimestamp();
            var steps = await RehearsePhase.ApplyAllAsync(run, run.Record.Plan!.Steps, database, cancellationToken);
            var passed = steps.All(step => step.Status is StepStatus.Applied or StepStatus.Unproven);
            return new JournalEntry { Rehearsal = new Rehearsal(passed, copy.Sandbox?.Description ?? "", steps, [], [], run.Time.GetElapsedTime(started).TotalMilliseconds) { MissingExtensions = database.MissingExtensions } };
        });
    }

    private static Task DecideAsync(RunContext run, RollbackRequest request, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Decide, async () =>
    {
        var plan = run.Record.Plan!;
        var decision = DecisionMaker.Of(plan.Id, RollbackCriteria.All(await EvidenceOfAsync(run, cancellationToken), run.Record.Rollback!, request.WithoutBackup));
        decision = await Consent.AskAsync(run, decision, run.Environment.Protected, cancellationToken);
        if (decision.Outcome == Outcome.Go && (await run.Target.SnapshotAsync(cancellationToken)).Fingerprint != plan.SchemaFingerprint)
            decision = decision.With(RollbackCriteria.Moved());
        var invariants = decision.Outcome == Outcome.Go ? await InvariantRunner.CaptureAsync(run.Runbook.Invariants, run.Target, cancellationToken) : [];
        return new JournalEntry { Decision = decision, Invariants = invariants };
    });

    private static async Task<DecisionFacts> EvidenceOfAsync(RunContext run, CancellationToken cancellationToken)
    {
        var plan = run.Record.Plan!;
        return new DecisionFacts(run.Runbook, run.Environment, run.Record.Inspection!, plan, run.Record.Backup, run.Record.Rehearsal, [], run.Time.GetUtcNow())
        {
            Preconditions = await run.Target.PreconditionsAsync(plan, run.Runbook, cancellationToken),
        };
    }

    /// <summary>A run that was cut off must not be taken up again once its migrations are undone.</summary>
    internal static void GiveUp(string? unfinished, RunContext run)
    {
        if (unfinished is null)
            return;
        using var journal = Journal.Resume(unfinished, run.Time);
        journal.Append(new JournalEntry { Event = RunEvent.Problem, Problem = new Text($"Given up: rolled back by run {run.Record.Run}.", $"Abandonnée : annulée par l'exécution {run.Record.Run}.") });
        journal.Append(new JournalEntry { Event = RunEvent.RunFinished, Outcome = RunOutcome.Interrupted }, durable: true);
    }

    /// <summary>The catalog as far as it is on record, the invariants, and the checks that held before the migrations.</summary>
    private static async Task<RunOutcome> VerifyAsync(RunContext run, CancellationToken cancellationToken)
    {
        await run.PhaseAsync(Phase.Verify, async () =>
        {
            var invariants = await InvariantRunner.CompareAsync(run.Runbook.Invariants, run.Record.Invariants, run.Target, cancellationToken);
            var checks = await CheckRunner.RunAsync(run.Runbook.Checks, CheckMoment.Before, run.Target, cancellationToken);
            var different = Different(run.Record.Rollback!, await run.Target.SnapshotAsync(cancellationToken));
            foreach (var problem in VerifyPhase.Problems(invariants, checks).Concat(different))
                run.Problem(problem);
            return new JournalEntry { Invariants = invariants, Checks = checks, After = await InspectPhase.LookAsync(run.Runbook, run.Target, cancellationToken) };
        });
        return run.Record.Problems.Count > 0 ? RunOutcome.ChecksFailed : RunOutcome.Done;
    }

    private static IEnumerable<Text> Different(RollbackPlan rollback, CatalogSnapshot now)
    {
        // From the newest to the oldest: what the oldest had found there counts.
        var expected = new Dictionary<(string, string), (CatalogObject Named, CatalogObject? Was)>();
        foreach (var reversal in rollback.Reversals)
        {
            foreach (var change in reversal.Undoes)
                expected[change.Object.Key] = (change.Object, change.Renamed ? null : change.Before);
            // What was there goes before what has taken its name since.
            foreach (var before in reversal.Undoes.Select(change => change.Before).OfType<CatalogObject>())
                expected[before.Key] = (before, before);
        }

        return
            from entry in expected.Values
            where entry.Was is null ? now.Find(entry.Named) is not null : !now.Holds(entry.Was)
            select new Text($"{entry.Named} is not as it was before the migrations", $"{entry.Named} n'est pas comme avant les migrations");
    }
}
