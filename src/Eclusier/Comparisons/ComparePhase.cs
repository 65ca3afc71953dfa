using Eclusier.Checks;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Reports;
using Eclusier.Runs;

namespace Eclusier.Comparisons;

/// <summary>Measures the runbook's queries before and after the newest run, and adds what it finds to that run's journal and report.</summary>
internal static class ComparePhase
{
    /// <param name="verified">The answers to the checks; what is found here is added to it.</param>
    /// <exception cref="InvalidInputException">There is nothing to compare, or no run to compare around.</exception>
    public static async Task<RunRecord> RunAsync(RunSetup setup, Database target, RunRecord verified, CancellationToken cancellationToken)
    {
        var folder = await FolderOfAsync(setup, target, cancellationToken);
        var run = Journal.Read(folder);
        var (states, comparisons) = await Staging.InAsync(Path.Combine(folder, "compare"), staging => CompareAsync(setup, target, run, staging, cancellationToken));
        var report = Record(setup, folder, states, comparisons);
        var record = verified with
        {
            Comparisons = comparisons,
            Compared = states,
            Report = report,
            Problems = [.. verified.Problems, .. comparisons.Where(found => !found.Passed).Select(found => found.Shortfall)],
        };
        return record with { Outcome = VerifyPhase.OutcomeOf(record), FinishedAt = setup.Time.GetUtcNow() };
    }

    /// <summary>The folder of the newest run that has both states.</summary>
    /// <exception cref="EclusierException">As above.</exception>
    public static async Task<string> FolderOfAsync(RunSetup setup, Database target, CancellationToken cancellationToken)
    {
        var runbook = setup.Runbook;
        if (target.QueryMeter is null)
            throw Impossible(new Text("Only PostgreSQL's queries can be compared.", "Seules les requêtes de PostgreSQL peuvent être comparées."), runbook.File, null);
        if (!runbook.Checks.Any(check => check.Compare))
        {
            throw Impossible(
                new Text("The runbook has no query to compare.", "Le runbook n'a aucune requête à comparer."), runbook.File,
                new Text("Give a check with `sql` a limit (`under: 100ms`), a demand (`faster: 5`), or `compare: true`.", "Donnez à un contrôle avec `sql` une limite (`under: 100ms`), une exigence (`faster: 5`), ou `compare: true`."));
        }

        var found = runbook.Backup is null ? null : (await RunHistory.OfAsync(setup, target, cancellationToken)).Newest(run =>
            run is { Outcome: not null, Backup: not null } && run.Steps.Any(step => step.Status == StepStatus.Applied));
        return found is not null ? Path.Combine(RunFolder.Root(runbook.Directory), found.Run) : throw Impossible(
            new Text($"There is no finished run on {target.Description} with a backup from before it.", $"Il n'y a pas d'exécution terminée sur {target.Description} avec une sauvegarde d'avant."),
            RunFolder.Root(runbook.Directory),
            new Text("Run `eclusier migrate` with `backup:` in the runbook; the comparison is made from that backup.", "Lancez `eclusier migrate` avec `backup:` dans le runbook ; la comparaison part de cette sauvegarde."));
    }

    /// <summary>How the run ended, now that these are known: what it had fallen short of otherwise stays.</summary>
    internal static RunOutcome? OutcomeWith(RunRecord run, IReadOnlyList<Comparison> comparisons)
    {
        var met = comparisons.All(found => found.Passed);
        if (run.Outcome == RunOutcome.Done && !met)
            return RunOutcome.ChecksFailed;
        var onlyTooSlow = run.Comparisons.Any(found => !found.Passed) && VerifyPhase.OutcomeOf(run with { Comparisons = [] }) == RunOutcome.Done && !run.BackupAfterFailed;
        return run.Outcome == RunOutcome.ChecksFailed && met && onlyTooSlow ? RunOutcome.Done : run.Outcome;
    }

    private static async Task<(ComparedStates States, IReadOnlyList<Comparison> Comparisons)> CompareAsync(RunSetup setup, Database target, RunRecord run, string staging, CancellationToken cancellationToken)
    {
        await using var copies = await ComparedCopies.RestoreAsync(setup, run, staging, cancellationToken);
        var runner = new ComparisonRunner(copies.Before, copies.After, target);
        var comparisons = new List<Comparison>();
        foreach (var check in setup.Runbook.Checks.Where(check => check.Compare))
        {
            setup.Observer.Progress(new Text($"measuring {check.Name}", $"mesure de {check.Name}"));
            comparisons.Add(await runner.CompareAsync(check, cancellationToken));
        }

        return (new ComparedStates(run.Run, setup.Time.GetUtcNow(), copies.On, run.Backup!.Manifest.Id, run.BackupAfter?.Manifest.Id), comparisons);
    }

    private static ReportFiles Record(RunSetup setup, string folder, ComparedStates states, IReadOnlyList<Comparison> comparisons)
    {
        using var journal = Journal.Reopen(folder, setup.Time);
        journal.Append(new JournalEntry { Event = RunEvent.Compared, Compared = states, Comparisons = comparisons, Outcome = OutcomeWith(journal.Record, comparisons) });
        return ReportWriter.Write(journal.Record, setup.Options.Language, folder);
    }

    private static EclusierException Impossible(Text problem, string? where, Text? remedy) => new InvalidInputException(problem, where, remedy);
}
