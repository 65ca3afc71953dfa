using System.Diagnostics;
using Eclusier.Evidence;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Indexes;
using Eclusier.Mongo.Plans;
using Eclusier.Mongo.Ranges;

namespace Eclusier.Mongo.Steps;

/// <summary>
/// Copies a collection beside the target's, proves the copy, builds its indexes, keeps the former collection, and puts the copy in its place by one rename. Cut off anywhere, the same
/// step goes on where it was.
/// </summary>
internal sealed class CopyStep(StepContext context, CopiesAhead ahead)
{
    /// <summary>Somebody who writes to the target all the time could otherwise keep us for ever.</summary>
    private const int SwapAttempts = 3;

    private readonly SwapNames _names = context.Names;
    private readonly StepRecords _records = new(context.Database);

    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await CopyAsync(cancellationToken);
            return StepResult.Of(context.Step, StepStatus.Applied) with { Collection = result, DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1) };
        }
        catch (MigrationFailedException)
        {
            await CleanAsync();
            throw;
        }
        finally
        {
            context.Contents.Forget();
        }
    }

    private async Task<CollectionResult> CopyAsync(CancellationToken cancellationToken)
    {
        context.Options.Waiting?.Invoke(new Text($"{context.Collection}: copying {English.Count(context.Step.Collection?.Source.Documents ?? 0, "document")}", $"{context.Collection} : copie de {French.Count(context.Step.Collection?.Source.Documents ?? 0, "document")}"));
        var (source, copy) = await ahead.OfAsync(context, cancellationToken);
        Prove(copy);
        var indexes = await IndexAsync(source, context.Client.Collection(_names.Shadow), Sources.Settings(context.Options.Runbook).Indexes, cancellationToken);
        var kept = await SwapAsync(copy, cancellationToken);
        return new CollectionResult(KnownContents.Content(copy.Source), KnownContents.Content(copy.Verified))
        {
            Former = kept.Copy is { } former ? KnownContents.Content(former.Verified) : null,
            Kept = kept.Copy is null ? null : _names.Kept.Collection,
            Transforms = [.. copy.Transforms.Select(TransformWords.Evidence)],
            Indexes = indexes,
            Resumed = copy.Resumed,
        };
    }

    private void Prove(CopyResult copy)
    {
        if (!copy.IsVerified)
        {
            throw context.Failed(
                new Text($"The copy of {context.Collection} does not hold what was written: {English.Count(copy.Verified.Count, "document")} instead of {copy.Expected.Count}, or other ones.", $"La copie de {context.Collection} ne contient pas ce qui a été écrit : {French.Count(copy.Verified.Count, "document")} au lieu de {copy.Expected.Count}, ou d'autres."),
                new Text("Nothing was replaced. See who else writes to that database, then run `migrate` again.", "Rien n'a été remplacé. Voyez qui d'autre écrit dans cette base, puis relancez `migrate`."));
        }

        // An empty timestamp is filled in by the server: the plan could not know its value.
        if (context.Step.Collection is { } plan && copy.EmptyTimestamps.Count == 0 && plan.Expected != KnownContents.Content(copy.Expected))
        {
            throw context.Failed(
                new Text($"{context.Step.File} was written to since the plan was made ({English.Count(plan.Expected.Documents, "document")} then, {copy.Expected.Count} now).", $"{context.Step.File} a été modifiée depuis le plan ({French.Count(plan.Expected.Documents, "document")} alors, {copy.Expected.Count} maintenant)."),
                new Text("Nothing was replaced. Keep others from writing to the source, then run `migrate` again.", "Rien n'a été remplacé. Empêchez les écritures dans la source, puis relancez `migrate`."));
        }
    }

    private async Task<IReadOnlyList<string>> IndexAsync(MongoCollection source, MongoCollection shadow, IReadOnlyList<Runbooks.IndexSettings> wanted, CancellationToken cancellationToken)
    {
        var plan = IndexPlan.Of(context.Collection, await source.ListIndexesAsync(cancellationToken), wanted);
        var build = await IndexBuild.RunAsync(shadow, plan.Specifications, context.Copy, cancellationToken);
        if (build.Violations.Count > 0)
        {
            var said = string.Join("; ", build.Violations.Select(violation => $"{violation.Index} {violation.Key}: _id {string.Join(", ", violation.Ids)}"));
            throw context.Failed(
                new Text($"Documents of {context.Collection} are not unique: {said}", $"Des documents de {context.Collection} ne sont pas uniques : {said}"),
                new Text("Nothing was replaced. Remove the duplicates from the source, or `unique` from the index.", "Rien n'a été remplacé. Supprimez les doublons de la source, ou `unique` de l'index."));
        }

        var present = IndexComparison.Of(plan.Specifications, await shadow.ListIndexesAsync(cancellationToken));
        if (present.Missing.Count + present.Different.Count > 0)
        {
            var names = string.Join(", ", present.Missing.Concat(present.Different));
            throw context.Failed(new Text($"Indexes of the copy of {context.Collection} are not as they should be: {names}", $"Des index de la copie de {context.Collection} ne sont pas ce qu'ils devraient être : {names}"));
        }

        return [.. plan.Specifications.Select(index => index["name"].AsString)];
    }

    private async Task<KeptCollection> SwapAsync(CopyResult copy, CancellationToken cancellationToken)
    {
        var swap = new CollectionSwap(context.Client, _names, copy, context.Copy);
        for (var attempt = 1; ; attempt++)
        {
            var kept = await KeepAsync(swap, cancellationToken);
            var former = (await CollectionLayout.FindAsync(context.Client.Collection(_names.Live), context.Copy, cancellationToken))?.Uuid;
            await _records.SaveAsync(new StepRecord(context.Options.Run, context.Collection, ProvedCollection.Of(copy), kept.Copy is null ? null : ProvedCollection.Of(kept.Copy)) { FormerUuid = former }, cancellationToken);
            if (context.Lock is { } held)
                await held.EnsureHeldAsync(context.Database.Name, cancellationToken);
            if ((await swap.SwapAsync(kept, WhenChanged.Stop, cancellationToken)).Done)
                return kept;
            if (attempt == SwapAttempts)
                throw Busy();
        }
    }

    private async Task<KeptCollection> KeepAsync(CollectionSwap swap, CancellationToken cancellationToken)
    {
        var kept = await swap.KeepAsync(null, cancellationToken);
        return kept.IsVerified ? kept : throw Busy();
    }

    private EclusierException Busy() => context.Failed(
        new Text($"{context.Collection} of the target is being written to: what is written while it is replaced would be lost.", $"La cible écrit dans {context.Collection} : ce qui y est écrit pendant le remplacement serait perdu."),
        new Text("Nothing was replaced. Stop the application, then run `migrate` again.", "Rien n'a été remplacé. Arrêtez l'application, puis relancez `migrate`."));

    /// <summary>What a step that failed has made; a swapped copy is none of it.</summary>
    private async Task CleanAsync()
    {
        try
        {
            await context.Client.Collection(_names.Kept).DropAsync(CancellationToken.None);
            await ShadowCopy.RemoveAsync(context);
        }
        catch (MongoException)
        {
            // The failure itself matters more; `maintain` finds what is left.
        }
    }
}
