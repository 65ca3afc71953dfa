using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Transforms;

namespace Eclusier.Mongo.Steps;

/// <summary>A collection's copy beside the target's, which nobody reads yet.</summary>
/// <param name="Source">Where it comes from.</param>
internal sealed record ShadowCopy(MongoCollection Source, CopyResult Copy)
{
    /// <summary>Cut off anywhere, it goes on where it was.</summary>
    public static async Task<ShadowCopy> MakeAsync(StepContext context, CancellationToken cancellationToken)
    {
        var source = await context.Sources.OfAsync(context.Options.Runbook, cancellationToken);
        var order = new CopyOrder(source.Collection(context.Collection), context.Client.Collection(context.Names.Shadow))
        {
            Transforms = await DocumentTransforms.PrepareAsync(source, context.Collection, Sources.Settings(context.Options.Runbook).Transforms, context.Copy, cancellationToken),
            Progress = await new StepRecords(context.Database).ProgressAsync(context.Options.Run, context.Collection, cancellationToken),
        };
        return new ShadowCopy(order.Source, await CollectionCopy.RunAsync(order, context.Copy, cancellationToken));
    }

    /// <summary>Nothing of it stays.</summary>
    public static async Task RemoveAsync(StepContext context)
    {
        await context.Client.Collection(context.Names.Shadow).DropAsync(CancellationToken.None);
        await new StepRecords(context.Database).RemoveAsync(context.Options.Run, context.Collection, CancellationToken.None);
    }
}
