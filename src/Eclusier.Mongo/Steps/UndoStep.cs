using System.Diagnostics;
using Eclusier.Evidence;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;

namespace Eclusier.Mongo.Steps;

/// <summary>Puts the kept collection back in one rename; where there was none before, the new one goes.</summary>
internal sealed class UndoStep(StepContext context)
{
    /// <summary>Key of <see cref="Planning.Step.Recorded"/>: the run that is undone.</summary>
    public const string Run = "run";

    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var run = context.Step.Recorded[Run];
        var records = new StepRecords(context.Database);
        if (await records.FindAsync(run, context.Collection, cancellationToken) is not { Copied: { } copied } record)
            throw Gone();
        var names = context.NamesIn(run);
        if (context.Lock is { } held)
            await held.EnsureHeldAsync(context.Database.Name, cancellationToken);
        await records.UndoAsync(record, cancellationToken);
        var swap = new CollectionSwap(context.Client, names, copied.Result, context.Copy);
        // What was written since is counted and shown before the decision. Where there was nothing before, an undoing that was cut off may have left nothing.
        if (!await IsGoneAsync(record, names, cancellationToken) && !(await swap.RollBackAsync(record.Kept, WhenChanged.GoOn, cancellationToken)).Done)
            throw Gone();
        if (record.Former is null)
            await context.Client.Collection(names.Shadow).DropAsync(cancellationToken);
        await records.CameBackAsync(record, cancellationToken);
        await records.RemoveAsync(run, context.Collection, cancellationToken);
        context.Contents.Forget();
        return StepResult.Of(context.Step, StepStatus.Applied) with { DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1) };
    }

    private async Task<bool> IsGoneAsync(StepRecord record, SwapNames names, CancellationToken cancellationToken)
    {
        if (record is not { Undoing: true, Former: null })
            return false;
        var there = await context.Database.ListCollectionsAsync(cancellationToken);
        return !there.Any(found => found["name"].AsString is var name && (name == names.Live.Collection || name == names.Shadow.Collection));
    }

    private EclusierException Gone() => context.Failed(
        new Text($"What {context.Collection} held before is not kept any more.", $"Ce que {context.Collection} contenait auparavant n'est plus gardé."),
        new Text("Restore the backup: eclusier rollback --restore --in-place.", "Restaurez la sauvegarde : eclusier rollback --restore --in-place."));
}
