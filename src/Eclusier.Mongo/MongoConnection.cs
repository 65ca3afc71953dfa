using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Mongo.Backups;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Checks;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Inspections;
using Eclusier.Mongo.Maintenance;
using Eclusier.Mongo.Plans;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Steps;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Mongo;

/// <summary>The connection to one MongoDB database; each operation lives in the folder of its phase.</summary>
public sealed class MongoConnection : Database
{
    private readonly MongoClient _client;
    private readonly MongoDatabase _database;
    private readonly string _purpose;
    private readonly Sources _sources = new();
    private readonly SemaphoreSlim _slots = new(new CopyOptions().Parallelism);
    private readonly CopyOptions _options;
    private readonly CopiesAhead _ahead = new();
    private readonly KnownContents _contents;

    /// <summary>Held from <see cref="LockAsync"/> on.</summary>
    private RunLock? _lock;

    private MongoConnection(MongoClient client, string database, string version, string purpose)
    {
        _client = client;
        _database = client.Database(database);
        _purpose = purpose;
        _options = new CopyOptions { Slots = _slots };
        _contents = new KnownContents(_options);
        ServerVersion = version;
    }

    public override string Description => _client.Description;

    public override string ServerVersion { get; }

    /// <exception cref="EclusierException">The server cannot be reached or refuses.</exception>
    public static async Task<MongoConnection> OpenAsync(DatabaseUrl url, string purpose, CancellationToken cancellationToken)
    {
        const int LongestName = 128;
        var name = Sources.NameIn(url);
        var client = await MongoClient.ConnectAsync(url, new MongoClientOptions(purpose.Length > LongestName ? purpose[..LongestName] : purpose), cancellationToken);
        try
        {
            var info = await client.BuildInfoAsync(cancellationToken);
            var version = info["version"].AsString;
            return new MongoConnection(client, name, info.Get("standIn").IsMissing ? version : $"{version} (stand-in)", purpose);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public override Task<DatabaseIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        Guarded(new Text("asking which database it is", "l'identification de la base"), () => MongoIdentity.OfAsync(_client, _database, cancellationToken));

    public override Task<Inspection> InspectAsync(Runbook runbook, CancellationToken cancellationToken) => Guarded(
        new Text("looking at it", "son inspection"),
        () => new MongoInspection(_client, _database, Description, ServerVersion, _options.Time).TakeAsync(runbook, _sources, cancellationToken));

    public override Task<Plan> PlanAsync(Runbook runbook, TargetEnvironment environment, CancellationToken cancellationToken) => Guarded(
        new Text("planning", "la planification"),
        async () => await new CollectionPlanner(await _sources.OfAsync(runbook, cancellationToken), _database, _contents, _options).PlanAsync(runbook, environment, Description, cancellationToken));

    public override Task LockAsync(CancellationToken cancellationToken) => Guarded(new Text("locking", "le verrouillage"), async () =>
    {
        _lock = await RunLock.TakeAsync(_client, _database, Description, _purpose, cancellationToken);
        return true;
    });

    public override async Task<StepResult> ApplyAsync(Step step, ApplyOptions options, CancellationToken cancellationToken)
    {
        var context = new StepContext(_client, _database, step, options, _sources, _contents, _options, _lock);
        try
        {
            return await FailingAsync(new Text($"applying {step.Migration}", $"l'application de {step.Migration}"), () => step.Kind switch
            {
                Step.Rollback => new UndoStep(context).RunAsync(cancellationToken),
                Step.Drop => new DropStep(context).RunAsync(cancellationToken),
                _ => new CopyStep(context, _ahead).RunAsync(cancellationToken),
            });
        }
        catch (MigrationFailedException)
        {
            await _ahead.AbandonAsync();
            throw;
        }
    }

    public override Task<CatalogSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        Guarded(new Text("reading collections and indexes", "la lecture des collections et des index"), () => MongoCatalog.SnapshotAsync(_database, cancellationToken));

    public override Task<IReadOnlyList<Reversal>> ReverseAsync(Runbook runbook, IReadOnlyList<TrackedMigration> undone, IReadOnlyList<RecordedChanges> recorded, CatalogSnapshot now, CancellationToken cancellationToken) =>
        Guarded(new Text("planning the way back", "la préparation du retour"), () => new WayBack(_client, _database, _options).OfAsync(undone, recorded, cancellationToken));

    public override Task<IReadOnlyList<Loss>> CountLossAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken) =>
        Guarded(new Text("counting documents", "le décompte des documents"), () => new WayBack(_client, _database, _options).LossesAsync(steps, cancellationToken));

    public override Task<StepEffect> EffectAsync(Step step, Runbook runbook, string run, CancellationToken cancellationToken) =>
        Guarded(new Text("looking at the collections", "l'examen des collections"), () => new WayBack(_client, _database, _options).EffectAsync(step.Migration, run, cancellationToken));

    public override Task<IReadOnlyList<CheckResult>> ProveAsync(Runbook runbook, TargetEnvironment environment, IReadOnlyList<StepResult> applied, CancellationToken cancellationToken) =>
        Guarded(new Text("comparing with the source", "la comparaison avec la source"), async () =>
            CopyProof.Of(Sources.Settings(runbook), await PlanAsync(runbook, environment, cancellationToken), applied));

    public override IMaintenance? MaintenanceOf(Runbook runbook) => runbook.Collections is { } settings ? new CollectionCleanup(_database, settings) : null;

    public override Task<Dump> DumpAsync(string folder, CancellationToken cancellationToken) =>
        Guarded(new Text("dumping", "l'extraction"), () => DumpFolder.WriteAsync(_client, _database, folder, _options, cancellationToken));

    public override Task RestoreAsync(Dump dump, string folder, bool sameServer, CancellationToken cancellationToken) =>
        Guarded(new Text("restoring", "la restauration"), () => DumpFolder.RestoreAsync(_client, _database.Name, folder, _options, cancellationToken));

    public override Task<LeftAlone> RestoreInPlaceAsync(Dump dump, string folder, CancellationToken cancellationToken) => Guarded(new Text("restoring", "la restauration"), async () =>
    {
        await new RestoreInPlace(_client, _database, _options).RunAsync(folder, cancellationToken);
        return LeftAlone.Nothing;
    });

    public override Task<IReadOnlyDictionary<string, long>> CountRowsAsync(CancellationToken cancellationToken) => Guarded(new Text("counting documents", "le décompte des documents"), async () =>
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var collection in (await MongoCatalog.CollectionsAsync(_database, cancellationToken)).Where(collection => collection is { IsView: false, Name: not OwnCollections.State }))
            counts[collection.Name] = await _database.Collection(collection.Name).CountAsync(BsonDocument.Empty, cancellationToken);
        return (IReadOnlyDictionary<string, long>)counts;
    });

    public override Task<QueryResult> QueryAsync(string query, CancellationToken cancellationToken) =>
        Guarded(new Text("running a query", "une requête"), () => MongoQuery.RunAsync(_database, query, Description, cancellationToken));

    public override async ValueTask DisposeAsync()
    {
        await _ahead.DisposeAsync();
        if (_lock is not null)
            await _lock.DisposeAsync();
        await _sources.DisposeAsync();
        await _client.DisposeAsync();
        _slots.Dispose();
    }

    /// <summary>What a server or a transform refuses in a step ends that step, not the program.</summary>
    private async Task<T> FailingAsync<T>(Text doing, Func<Task<T>> operation)
    {
        try
        {
            return await Guarded(doing, operation);
        }
        catch (EclusierException refused) when (refused is RefusedException or InvalidInputException)
        {
            throw new MigrationFailedException(refused.Problem, refused.Where, refused.Remedy, refused);
        }
    }

    private Task<T> Guarded<T>(Text doing, Func<Task<T>> operation) => new MongoGuard(Description).RunAsync(doing, operation);
}
