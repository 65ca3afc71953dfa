using Eclusier.Engines;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Steps;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Maintenance;

/// <summary>Finds what can go: the collections of <c>cleanup.drop</c>, and those that runs kept for the way back.</summary>
internal sealed class CollectionCleanup(MongoDatabase database, CollectionSettings settings) : IMaintenance
{
    public TimeSpan After => settings.Cleanup?.After ?? CleanupSettings.DefaultAfter;

    public async Task<IReadOnlyList<Step>> StepsAsync(IReadOnlyList<string> runs, Func<string, bool> isAccepted, CancellationToken cancellationToken)
    {
        var known = runs.ToDictionary(OwnCollections.RunName, run => run, StringComparer.Ordinal);
        var steps = new List<Step>();
        foreach (var collection in (await MongoCatalog.CollectionsAsync(database, cancellationToken)).Where(collection => collection is { IsView: false, Name: not OwnCollections.State }))
        {
            var left = OwnCollections.IsOurs(collection.Name) ? known.FirstOrDefault(run => Belongs(collection.Name, run.Key)).Value : null;
            var run = left is not null && isAccepted(left) ? left : null;
            var legacy = !OwnCollections.IsOurs(collection.Name) && NameGlob.Matches(settings.Cleanup?.Drop ?? [], collection.Name);
            if (run is not null || legacy)
                steps.Add(Drop(collection.Name, run, await database.Collection(collection.Name).CountAsync(BsonDocument.Empty, cancellationToken)));
        }

        return steps;
    }

    /// <summary>Kept by that run, or a copy that it left behind.</summary>
    private static bool Belongs(string collection, string run)
    {
        var names = SwapNames.Of(new MongoNamespace("x", "y"), run);
        return collection.EndsWith(names.Kept.Collection[1..], StringComparison.Ordinal) || collection.EndsWith(names.Shadow.Collection[1..], StringComparison.Ordinal);
    }

    private static Step Drop(string name, string? run, long documents)
    {
        var recorded = new Dictionary<string, string>(StringComparer.Ordinal);
        if (run is not null)
            recorded[UndoStep.Run] = run;
        return new Step
        {
            Kind = Step.Drop,
            Migration = name,
            Name = "",
            File = name,
            Checksum = documents.ToString(),
            Statements = [],
            Description = run is null
                ? new Text($"legacy, {English.Count(documents, "document")}", $"ancienne, {French.Count(documents, "document")}")
                : new Text($"kept by run {run}, {English.Count(documents, "document")}", $"gardée par l'exécution {run}, {French.Count(documents, "document")}"),
            Risk = run is null ? Risk.High : Risk.Low,
            RiskReason = new Text($"documents that go: {documents}", $"documents qui disparaissent : {documents}"),
            Reversible = Reversible.LosesData,
            ReversibleReason = new Text("only a backup brings them back", "seule une sauvegarde les ramène"),
            Recorded = recorded,
            Transactional = false,
        };
    }
}
