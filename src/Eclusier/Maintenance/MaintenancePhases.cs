using Eclusier.Decisions;
using Eclusier.Inspections;
using Eclusier.Planning;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Maintenance;

/// <summary>The phases that every kind of maintenance goes through, whatever it found to do.</summary>
internal static class MaintenancePhases
{
    /// <param name="backUp">Into a copy, where something goes.</param>
    /// <param name="decide">From the evidence of the phases before.</param>
    public static async Task<RunRecord> RunAsync(RunContext run, IReadOnlyList<Step> steps, Func<RestoredCopy, Task> backUp, Func<Evidence, Decision> decide, CancellationToken cancellationToken)
    {
        var record = await GoThroughAsync(run, steps, backUp, decide, cancellationToken);
        return record with { Report = ReportWriter.Write(record, run.Options.Language, run.Folder) };
    }

    private static async Task<RunRecord> GoThroughAsync(RunContext run, IReadOnlyList<Step> steps, Func<RestoredCopy, Task> backUp, Func<Evidence, Decision> decide, CancellationToken cancellationToken)
    {
        await using var copy = new RestoredCopy();
        try
        {
            await InspectPhase.RunAsync(run, cancellationToken);
            await PlanPhase.RunAsync(run, steps, cancellationToken);
            await backUp(copy);
            await copy.DisposeAsync();
            await run.PhaseAsync("decide", () => Task.FromResult(new JournalEntry { Event = "", Decision = decide(EvidenceOf(run)) }));
            if (run.Record.Decision is not { Outcome: Outcome.Go })
                return run.Finish(RunOutcome.NoGo);
            return run.Finish(await ApplyPhase.UndoAsync(run, cancellationToken) ? RunOutcome.Done : RunOutcome.MigrationFailed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.Problem(new Text("Interrupted. Run the same command again: it goes on from here.", "Interrompue. Relancez la même commande : elle reprendra ici."));
            return run.Finish(RunOutcome.Interrupted);
        }
    }

    private static Evidence EvidenceOf(RunContext run) =>
        new(run.Runbook, run.Environment, run.Record.Inspection!, run.Record.Plan!, run.Record.Backup, null, [], run.Time.GetUtcNow());
}
