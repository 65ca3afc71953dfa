using System.Diagnostics;
using Eclusier.Evidence;

namespace Eclusier.Mongo.Steps;

/// <summary>Drops a collection that nobody needs any more.</summary>
internal sealed class DropStep(StepContext context)
{
    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (context.Lock is { } held)
            await held.EnsureHeldAsync(context.Database.Name, cancellationToken);
        await context.Database.Collection(context.Collection).DropAsync(cancellationToken);
        if (context.Step.Recorded.TryGetValue(UndoStep.Run, out var run))
            await new StepRecords(context.Database).ForgetAsync(run, cancellationToken);
        return StepResult.Of(context.Step, StepStatus.Applied) with { DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1) };
    }
}
