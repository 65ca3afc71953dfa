using Eclusier.Evidence;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Collections;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Planning;

namespace Eclusier.Mongo.Steps;

/// <summary>What runs have put in place, and how each collection goes back.</summary>
internal sealed class WayBack(MongoClient client, MongoDatabase database, CopyOptions options)
{
    private readonly StepRecords _records = new(database);

    /// <summary>By the copy's own number, which it keeps when it is renamed.</summary>
    public async Task<StepEffect> EffectAsync(string collection, string run, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(run, collection, cancellationToken) is not { Copied: { } copied } record)
            return StepEffect.NotApplied;
        return await StateAsync(record, copied, cancellationToken) switch
        {
            SwapState.Swapped => StepEffect.Applied,
            // What is half undone is still to be undone.
            _ when record.Undoing => StepEffect.Applied,
            SwapState.Unknown => StepEffect.Unknown,
            _ => StepEffect.NotApplied,
        };
    }

    public async Task<IReadOnlyList<Reversal>> OfAsync(IReadOnlyList<TrackedMigration> undone, IReadOnlyList<RecordedChanges> recorded, CancellationToken cancellationToken)
    {
        var there = (await MongoCatalog.CollectionsAsync(database, cancellationToken)).Select(found => found.Name).ToHashSet(StringComparer.Ordinal);
        var reversals = new List<Reversal>();
        foreach (var migration in undone)
            reversals.Add(await OfAsync(migration, there, recorded.FirstOrDefault(record => record.Migration == migration.Version), cancellationToken));
        return reversals;
    }

    /// <summary>Documents of collections that somebody wrote to since: what is in them goes.</summary>
    public async Task<IReadOnlyList<Loss>> LossesAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var losses = new List<Loss>();
        foreach (var step in steps.Where(step => step.Kind == Step.Rollback))
        {
            var record = await _records.FindAsync(step.Recorded[UndoStep.Run], step.Migration, cancellationToken);
            if (record?.Copied is not { } copied || await StateAsync(record, copied, cancellationToken) != SwapState.Swapped)
                continue;
            var now = await ContentHash.OfAsync(database.Collection(step.Migration), options, cancellationToken);
            if (now != copied.Content)
                losses.Add(new Loss(step.Migration, null, now.Count));
        }

        return losses;
    }

    private async Task<Reversal> OfAsync(TrackedMigration migration, HashSet<string> there, RecordedChanges? changes, CancellationToken cancellationToken)
    {
        Reversal None(Text problem) => new(migration.Version, migration.Name, ReversalSource.None, Step: null, problem);
        if (changes?.Run is not { Length: > 0 } run || await _records.FindAsync(run, migration.Version, cancellationToken) is not { } record)
            return None(new Text($"{migration.Version}: nothing of that run is kept", $"{migration.Version} : rien de cette exécution n'est gardé"));
        if (record is { Former: not null, Undoing: false } && !there.Contains(Names(migration.Version, run).Kept.Collection))
            return None(new Text($"{migration.Version}: the former collection is not kept any more", $"{migration.Version} : l'ancienne collection n'est plus gardée"));
        if (await EffectAsync(migration.Version, run, cancellationToken) != StepEffect.Applied)
            return None(new Text($"{migration.Version}: what is there now is not what that run put there", $"{migration.Version} : ce qui s'y trouve n'est pas ce que cette exécution y a mis"));
        return new Reversal(migration.Version, migration.Name, ReversalSource.Generated, Undo(migration, run, record)) { Undoes = changes.Changes };
    }

    private static Step Undo(TrackedMigration migration, string run, StepRecord record) => new()
    {
        Kind = Step.Rollback,
        Migration = migration.Version,
        Name = migration.Name,
        File = migration.Version,
        Checksum = record.Copied?.Content.ToString() ?? "",
        Statements = [],
        Description = record.Former is { } former
            ? new Text($"back to the {English.Count(former.Content.Count, "document")} of before", $"retour aux {French.Count(former.Content.Count, "document")} d'avant")
            : new Text("removed: there was none before", "retirée : il n'y en avait pas auparavant"),
        RiskReason = new Text("one rename", "un seul renommage"),
        Recorded = new Dictionary<string, string>(StringComparer.Ordinal) { [UndoStep.Run] = run },
        Transactional = false,
    };

    private Task<SwapState> StateAsync(StepRecord record, ProvedCollection copied, CancellationToken cancellationToken) =>
        new CollectionSwap(client, Names(record.Collection, record.Run), copied.Result, options).StateAsync(cancellationToken, record.Kept);

    private SwapNames Names(string collection, string run) => SwapNames.Of(new MongoNamespace(database.Name, collection), OwnCollections.RunName(run));
}
