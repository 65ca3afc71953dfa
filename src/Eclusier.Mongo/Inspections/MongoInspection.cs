using Eclusier.Evidence;
using Eclusier.Mongo.Bson;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Runbooks;

namespace Eclusier.Mongo.Inspections;

/// <summary>What a look at a database finds. It sends commands that only read.</summary>
internal sealed class MongoInspection(MongoClient client, MongoDatabase database, string description, string version, TimeProvider time)
{
    /// <param name="sources">Where the runbook's embeddings have their children.</param>
    public async Task<Inspection> TakeAsync(Runbook runbook, Sources sources, CancellationToken cancellationToken)
    {
        var hello = await client.RunCommandAsync("admin", BsonDocument.Of(("hello", 1)), cancellationToken);
        var collections = new List<CollectionFacts>();
        foreach (var collection in (await MongoCatalog.CollectionsAsync(database, cancellationToken)).Where(collection => collection is { IsView: false, Name: not OwnCollections.State }))
            collections.Add(await FactsAsync(collection, runbook.Collections, cancellationToken));
        return new Inspection
        {
            TakenAt = time.GetUtcNow(),
            System = DatabaseSystem.MongoDb,
            Target = description,
            ServerVersion = version,
            User = await UserAsync(cancellationToken),
            Superuser = false,
            InRecovery = hello.Get("isWritablePrimary") is { Type: BsonType.Boolean, AsBoolean: false },
            SizeBytes = collections.Sum(collection => collection.Bytes),
            Tables = [],
            IndexCount = collections.Sum(collection => collection.Indexes.Count),
            InvalidIndexes = [],
            LongTransactions = [],
            Collections = collections,
            Orphans = runbook.Collections is { } settings ? await OrphansAsync(settings, await sources.OfAsync(runbook, cancellationToken), cancellationToken) : [],
        };
    }

    private async Task<CollectionFacts> FactsAsync(ListedCollection listed, CollectionSettings? settings, CancellationToken cancellationToken)
    {
        var collection = database.Collection(listed.Name);
        var stats = await collection.StatsAsync(cancellationToken);
        var indexes = await collection.ListIndexesAsync(cancellationToken);
        long Number(string name) => stats.Get(name) is { IsNumber: true } number ? number.ToInt64() : 0;
        return new CollectionFacts(
            listed.Name, Number("count"), Number("size"), Number("totalIndexSize"), [.. indexes.Select(index => index["name"].AsString).Where(name => name != "_id_")], listed.HasValidator, Role(listed.Name, settings));
    }

    private static CollectionRole Role(string name, CollectionSettings? settings) =>
        OwnCollections.IsOurs(name) ? CollectionRole.Kept
        : settings is null ? CollectionRole.None
        : NameGlob.Matches(settings.Cleanup?.Drop ?? [], name) ? CollectionRole.Legacy
        : NameGlob.Matches(settings.Ignore, name) ? CollectionRole.Ignored
        : NameGlob.Matches(settings.Copy, name) ? CollectionRole.Copied
        : CollectionRole.None;

    /// <summary>Children of each embedding whose parent is not there.</summary>
    private static async Task<IReadOnlyList<OrphanFacts>> OrphansAsync(CollectionSettings settings, MongoDatabase source, CancellationToken cancellationToken)
    {
        var found = new List<OrphanFacts>();
        foreach (var embed in settings.Transforms.OfType<Embed>())
        {
            // Each embedding matches by one field; more of them are left to the copy, which lists its orphans anyway.
            if (embed.Match.Count != 1)
                continue;
            var (child, parent) = embed.Match.Single();
            BsonDocument[] pipeline =
            [
                BsonDocument.Of(("$lookup", BsonDocument.Of(("from", embed.Into), ("localField", child), ("foreignField", parent), ("as", "parents")))),
                BsonDocument.Of(("$match", BsonDocument.Of(("parents", BsonDocument.Of(("$size", 0)))))),
                BsonDocument.Of(("$group", BsonDocument.Of(("_id", 1), ("n", BsonDocument.Of(("$sum", 1)))))),
            ];
            var count = 0L;
            await foreach (var batch in source.Collection(embed.From).AggregateAsync(pipeline, new AggregateOptions { AllowDiskUse = true }, cancellationToken))
                count += batch.Sum(group => group["n"].ToInt64());
            found.Add(new OrphanFacts(embed.From, embed.Into, count));
        }

        return found;
    }

    private async Task<string> UserAsync(CancellationToken cancellationToken)
    {
        const int CommandNotFound = 59;
        try
        {
            var status = await client.RunCommandAsync("admin", BsonDocument.Of(("connectionStatus", 1)), cancellationToken);
            var users = status["authInfo"].AsDocument["authenticatedUsers"].AsDocument.Values();
            return string.Join(", ", users.Select(user => user.AsDocument["user"].AsString).DefaultIfEmpty("-"));
        }
        catch (MongoException error) when (error is { Domain: MongoErrorDomain.Server, Code: CommandNotFound })
        {
            return "-";
        }
    }
}
