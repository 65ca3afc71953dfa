using Eclusier.Decisions;
using Eclusier.Evidence;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>What a kind of maintenance found to do, and what it is judged by.</summary>
/// <param name="Known">The criteria that need no backup.</param>
/// <param name="BackUp">Into a copy, where something goes.</param>
/// <param name="OfBackup">The criteria of that backup.</param>
/// <param name="ByName">On a protected environment somebody must approve it.</param>
internal sealed record MaintenanceWork(
    IReadOnlyList<Step> Steps,
    Func<DecisionFacts, IEnumerable<Criterion>> Known,
    Func<RestoredCopy, Task> BackUp,
    Func<DecisionFacts, IEnumerable<Criterion>> OfBackup,
    bool ByName);

/// <summary>The phases that every kind of maintenance goes through, whatever it found to do.</summary>
internal static class MaintenancePhases
{
    public static async Task<RunRecord> RunAsync(RunContext run, MaintenanceWork work, CancellationToken cancellationToken)
    {
        var record = await GoThroughAsync(run, work, cancellationToken);
        return record with { Report = ReportWriter.Write(record, run.Options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, MaintenanceWork work, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanPhase.RunAsync(run, work.Steps, cancellationToken);
            if (!await Gate.IsOpenAsync(run, run.Record.Plan!.Id, work.Known(EvidenceOf(run)), work.ByName))
                return run.Finish(RunOutcome.NoGo);
            await work.BackUp(copy);
            await copy.DisposeAsync();
            await run.PhaseAsync(Phase.Decide, async () =>
            {
                var evidence = EvidenceOf(run);
                var decision = DecisionMaker.Of(evidence.Plan.Id, [.. work.Known(evidence), .. work.OfBackup(evidence)]);
                return new JournalEntry { Decision = await Consent.AskAsync(run, decision, work.ByName, cancellationToken) };
            });
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.Finish(RunOutcome.NoGo);
            return run.Finish(await ApplyPhase.UndoAsync(run, cancellationToken) ? RunOutcome.Done : RunOutcome.MigrationFailed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.FinishUnchanged();
            run.Problem(new Text("Interrupted. Run the same command again: it goes on from here.", "Interrompue. Relancez la même commande : elle reprendra ici."));
            return run.Finish(RunOutcome.Interrupted);
        }
    }

    private static DecisionFacts EvidenceOf(RunContext run) =>
        new(run.Runbook, run.Environment, run.Record.Inspection!, run.Record.Plan!, run.Record.Backup, null, [], run.Time.GetUtcNow());
}
