using Eclusier.Decisions;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Baselines;

/// <summary>
/// Finds out which migrations a database has, and records them: inspect, plan, prove, decide, record, report. Nothing but the tracking table, and
/// beside it what is left to settle, is written, in one transaction; cut off, the same command starts again.
/// </summary>
public sealed class BaselineRun(RunSetup setup)
{
    /// <exception cref="InvalidInputException">The run could not begin, or a migration is unfinished.</exception>
    public async Task<RunRecord> RunAsync(CancellationToken cancellationToken)
    {
        await using var target = await setup.ConnectAsync(cancellationToken);
        await target.LockAsync(cancellationToken);
        RefuseUnfinished();
        using var journal = setup.Begin(RunKind.Baseline);
        var run = setup.Context(journal, target);
        var record = await GoThroughAsync(run, cancellationToken);
        return record with { Report = ReportWriter.Write(record, setup.Options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, CancellationToken cancellationToken)
    {
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanPhase.RunAsync(run, cancellationToken);
            await ProveAsync(run, cancellationToken);
            var baseline = run.Record.Baseline!;
            var present = baseline.Verdicts.Where(verdict => verdict.ToRecord).ToList();
            if (present.Count == 0 && IsKnown(baseline))
                return run.Finish(RunOutcome.NothingToDo);
            await DecideAsync(run, present, cancellationToken);
            if (run.Record.Decision is not { Outcome: Outcome.Go })
            {
                // What may have run must not run again, whether anything else can be recorded or not.
                if (FailsOnly(run.Record.Decision!, "gaps") && run.Options.Yes && !run.Environment.Protected)
                    await RecordAsync(run, []);
                return run.Finish(RunOutcome.NoGo);
            }

            await RecordAsync(run, present);
            return run.Finish(RunOutcome.Done);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.Problem(new Text("Interrupted; nothing was recorded. Run `baseline` again.", "Interrompue ; rien n'a été enregistré. Relancez `baseline`."));
            return run.Finish(RunOutcome.Interrupted);
        }
    }

    private static bool FailsOnly(Decision decision, string criterion) => decision.Criteria.All(each => each.Verdict != Verdict.Failed || each.Id == criterion);

    /// <summary>The database remembers already what there is to remember; the words may be others.</summary>
    private static bool IsKnown(Baseline baseline)
    {
        static IEnumerable<string> Lines(IEnumerable<Settlement> settlements) => settlements.Select(known => $"{known.Migration} {known.Verdict} {known.By}").Order(StringComparer.Ordinal);
        return Lines(baseline.Remembered).SequenceEqual(Lines(baseline.RememberedBefore), StringComparer.Ordinal);
    }

    private static Task ProveAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Baseline, async () =>
    {
        run.Observer.Progress(new Text("replaying the migrations on a sandbox", "rejeu des migrations dans un bac à sable"));
        await using var sandbox = await run.OpenSandboxAsync(cancellationToken);
        return new JournalEntry { Baseline = await new BaselineProof(run.Runbook, run.Environment, run.Target, History(run), sandbox, run.Options).FindAsync(run.Record.Plan!, cancellationToken) };
    });

    private static Task DecideAsync(RunContext run, IReadOnlyList<MigrationVerdict> present, CancellationToken cancellationToken) => run.PhaseAsync(Phase.Decide, async () =>
    {
        var plan = run.Record.Plan!;
        var evidence = new DecisionFacts(run.Runbook, run.Environment, run.Record.Inspection!, plan, Backup: null, Rehearsal: null, [], run.Time.GetUtcNow())
        {
            // Nothing but rows in the tracking table is written.
            Preconditions = await run.Target.PreconditionsAsync(plan with { Steps = [] }, run.Runbook with { Backup = null }, cancellationToken),
        };
        var id = PlanId.On(plan.Identity, PlanId.OfBaseline(plan.Target, plan.SchemaFingerprint, plan.Applied, present.Select(verdict => verdict.Step!), run.Record.Baseline!.Remembered.Select(known => $"{known.Migration} {known.Verdict}")));
        var gaps = History(run).RunsOnlyWhatIsNewer;
        var decision = DecisionMaker.Of(id, BaselineCriteria.All(evidence, run.Record.Baseline!, gaps));
        decision = await Consent.AskAsync(run, decision, run.Environment.Protected, cancellationToken);
        if (decision.Outcome == Outcome.Go && (await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken)).Id != plan.Id)
            decision = decision.With(BaselineCriteria.Moved());
        return new JournalEntry { Decision = decision };
    });

    /// <summary>One transaction, not to be cancelled in its middle.</summary>
    private static Task RecordAsync(RunContext run, IReadOnlyList<MigrationVerdict> present) => run.PhaseAsync(Phase.Record, async () =>
    {
        await History(run).RecordAsync([.. present.Select(verdict => verdict.Step!)], run.Record.Baseline!.Remembered, run.Options.ExecutedBy, CancellationToken.None);
        return new JournalEntry { Baseline = run.Record.Baseline! with { Recorded = [.. present.Select(verdict => verdict.Migration)] } };
    });

    private static IMigrationHistory History(RunContext run) => run.Target.HistoryOf(run.Runbook) ?? throw new InvalidInputException(
        new Text($"{run.Environment.Name} has no migrations that could be recorded.", $"{run.Environment.Name} n'a pas de migrations à enregistrer."),
        run.Runbook.File,
        new Text("baseline is for databases that are migrated by files.", "baseline sert aux bases migrées par des fichiers."));

    /// <summary>A run that was cut off may have left a migration half done.</summary>
    private void RefuseUnfinished()
    {
        if (RunFolder.Unfinished(setup.Runbook.Directory, setup.Environment.Name) is not { } unfinished)
            return;
        throw new InvalidInputException(
            new Text("A migration run on this environment is not finished.", "Une exécution de migration sur cet environnement n'est pas terminée."),
            unfinished,
            new Text("Finish it first with `eclusier migrate`.", "Terminez-la d'abord avec `eclusier migrate`."));
    }
}
