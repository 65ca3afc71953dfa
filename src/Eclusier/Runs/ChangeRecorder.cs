using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Runs;

/// <summary>Looks at the catalog before and after each migration, so that a rollback can undo exactly what it made.</summary>
internal sealed class ChangeRecorder(RunContext run)
{
    /// <summary>A look costs some milliseconds. Whoever applies more at once without a rehearsal builds a database rather than changes one.</summary>
    private const int MostWithoutRehearsal = 100;

    private CatalogSnapshot? _last;

    public async Task BeginAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        if (run.Record.Kind != RunKind.Migrate)
            return;
        if (steps.Count <= MostWithoutRehearsal || run.Record.Rehearsal is not null)
            _last = await run.Target.SnapshotAsync(cancellationToken);
    }

    /// <returns>Null when nobody looked before.</returns>
    public async Task<StepChanges?> AfterAsync(Step step, CancellationToken cancellationToken)
    {
        if (_last is not { } before)
            return null;
        _last = await run.Target.SnapshotAsync(cancellationToken);
        return StepChanges.Of(step.Migration, Ours(step, CatalogChange.Between(before, _last)));
    }

    /// <summary>Others may change things meanwhile: where the migration was rehearsed, only what it changed there is its own.</summary>
    private IReadOnlyList<CatalogChange> Ours(Step step, IReadOnlyList<CatalogChange> changes)
    {
        if (!run.Record.RehearsedChanges.TryGetValue(step.Migration, out var rehearsed))
            return changes;
        var ours = rehearsed.Select(change => change.Object.Key).ToHashSet();
        return [.. changes.Where(change => ours.Contains(change.Object.Key))];
    }
}
