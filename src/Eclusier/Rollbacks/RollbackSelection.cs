using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Rollbacks;

/// <summary>Finds the migrations that a request means, and what is on record of them.</summary>
/// <param name="Undone">Newest first.</param>
/// <param name="Recorded">What their runs wrote down; not all of them need have a record.</param>
internal sealed record RollbackSelection(IReadOnlyList<TrackedMigration> Undone, IReadOnlyList<RecordedChanges> Recorded)
{
    /// <exception cref="InvalidInputException">Nothing is meant: no such version or run, or nothing of it is applied.</exception>
    public static async Task<RollbackSelection> FindAsync(RollbackRequest request, RunSetup setup, Database target, Plan plan, CancellationToken cancellationToken)
    {
        var history = await RunHistory.OfAsync(setup, target, cancellationToken);
        var runs = history.Migrations.Where(run => run.Plan is not null);
        if (request.Run is { } named)
            runs = history.Named(named) is { Plan: not null } run ? [run] : [];
        if (target.HistoryOf(setup.Runbook) is null)
            return await ByEffectAsync(request, setup, target, (history, runs), cancellationToken);
        var there = plan.Applied.Concat(plan.Failed).ToList();
        var undone = request.To is { } version ? After(version, plan, setup) : OfRun(request.Run, history, runs, there, setup);
        var place = plan.Applied.Index().ToDictionary(entry => entry.Item.Version, entry => entry.Index, StringComparer.Ordinal);
        var newestFirst = undone.OrderBy(migration => migration.Success).ThenByDescending(migration => migration.ExecutedAt)
            .ThenByDescending(migration => place.GetValueOrDefault(migration.Version, int.MaxValue)).ToList();
        return new RollbackSelection(newestFirst, [.. newestFirst.Select(migration => Record(migration, runs)).OfType<RecordedChanges>()]);
    }

    /// <summary>Without a tracking table, a run's own record says what it did, and the engine whether that is still there.</summary>
    private static async Task<RollbackSelection> ByEffectAsync(RollbackRequest request, RunSetup setup, Database target, (RunHistory History, IEnumerable<RunRecord> Migrations) known, CancellationToken cancellationToken)
    {
        var runs = known.Migrations;
        if (request.To is not null)
        {
            throw new InvalidInputException(
                new Text("Collections have no versions to go back to.", "Les collections n'ont pas de versions auxquelles revenir."), setup.Runbook.File,
                new Text("Name the run: eclusier rollback --run ID (default: the newest).", "Nommez l'exécution : eclusier rollback --run ID (par défaut : la plus récente)."));
        }

        foreach (var run in runs)
        {
            var recorded = new List<RecordedChanges>();
            foreach (var step in run.Plan!.Steps.Where(step => run.Steps.Any(result => result.Migration == step.Migration && result.Status != StepStatus.Skipped)))
            {
                // What nobody can tell is asked for, too: without a way back for all of a run, none of it goes back.
                if (await target.EffectAsync(step, setup.Runbook, run.Run, cancellationToken) != StepEffect.NotApplied)
                    recorded.Insert(0, new RecordedChanges(step.Migration, run.Changes.GetValueOrDefault(step.Migration, []), step.Reversible, step.ReversibleReason) { Run = run.Run });
            }

            if (recorded.Count == 0)
                continue;
            // One that cannot be read and is newer might be the one that is meant.
            if (request.Run is null)
                known.History.Newest(found => found.Run == run.Run);
            return new RollbackSelection([.. recorded.Select(changes => new TrackedMigration(changes.Migration, "", null, run.FinishedAt, null, Success: true, null))], recorded);
        }

        throw NothingLeft(request.Run, request.Run is not null && !runs.Any(), setup);
    }

    private static IEnumerable<TrackedMigration> After(string version, Plan plan, RunSetup setup)
    {
        if (version == "0")
            return plan.Applied;
        var names = plan.Applied.Select(migration => new MigrationName(migration.Version, $"{migration.Version}_{migration.Name}.sql")).ToList();
        var to = MigrationOrder.Find(version, names, "--to", setup.Runbook.File).Version;
        // In the layout's order, which need not be that of the numbers.
        return plan.Applied.SkipWhile(migration => migration.Version != to).Skip(1);
    }

    private static List<TrackedMigration> OfRun(string? id, RunHistory history, IEnumerable<RunRecord> runs, IReadOnlyList<TrackedMigration> there, RunSetup setup)
    {
        bool IsLeft(RunRecord run) => run.Plan is not null && Left(run, there).Count > 0;
        var run = id is null ? history.Newest(IsLeft) : runs.FirstOrDefault(IsLeft);
        if (run is not null)
            return Left(run, there);
        throw NothingLeft(id, id is not null && !runs.Any(), setup);
    }

    private static EclusierException NothingLeft(string? id, bool unknown, RunSetup setup) => new InvalidInputException(
        id is null ? new Text("No run is on record of which anything is left to undo.", "Aucune exécution connue n'a laissé quelque chose à annuler.")
        : unknown ? new Text($"There is no run \"{id}\" on this database.", $"Il n'y a pas d'exécution « {id} » sur cette base.")
        : new Text($"Nothing that run {id} applied is there any more.", $"Rien de ce que l'exécution {id} a appliqué ne reste."),
        RunFolder.Root(setup.Runbook.Directory),
        setup.Runbook.HasMigrations
            ? new Text("Name the version to go back to: eclusier rollback --to VERSION (--to 0 undoes everything).", "Nommez la version à laquelle revenir : eclusier rollback --to VERSION (--to 0 annule tout).")
            : new Text("Restore the backup: eclusier rollback --restore --in-place.", "Restaurez la sauvegarde : eclusier rollback --restore --in-place."));

    /// <summary>What the run applied and is still applied, and what it left half done.</summary>
    private static List<TrackedMigration> Left(RunRecord run, IReadOnlyList<TrackedMigration> there)
    {
        var begun = run.Steps.Where(step => step.Status != StepStatus.Skipped).Select(step => step.Migration).ToHashSet(StringComparer.Ordinal);
        return [.. there.Where(migration => begun.Contains(migration.Version) && (migration.Success || run.Changes.GetValueOrDefault(migration.Version, []).Count > 0))];
    }

    private static RecordedChanges? Record(TrackedMigration migration, IEnumerable<RunRecord> runs)
    {
        foreach (var run in runs.Where(run => run.Steps.Any(step => step.Migration == migration.Version && step.Status != StepStatus.Skipped)))
        {
            var step = run.Plan!.Steps.First(step => step.Migration == migration.Version);
            // Cut off between the migration and the look at the catalog, the rehearsal still knows.
            if ((run.Changes.GetValueOrDefault(migration.Version) ?? run.RehearsedChanges.GetValueOrDefault(migration.Version)) is { } changes)
                return new RecordedChanges(migration.Version, changes, step.Reversible, step.ReversibleReason) { Proven = run.Rehearsal?.Rollbacks.Any(proof => proof.Proven && proof.Migration == migration.Version) == true };
        }

        return null;
    }
}
