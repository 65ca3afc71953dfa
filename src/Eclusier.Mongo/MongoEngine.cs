using Eclusier.Engines;
using Eclusier.Mongo.Backups;
using Eclusier.Mongo.Sandbox;
using Eclusier.Runbooks;
using MongoDB.Driver;

namespace Eclusier.Mongo;

/// <summary>MongoDB: collections are copied from one environment to another.</summary>
public sealed class MongoEngine : Engine
{
    /// <summary>A type of MongoDB's driver for .NET: its assembly says which version it is.</summary>
    public static Type Driver => typeof(MongoClient);

    public override async Task<Database> ConnectAsync(DatabaseUrl url, string purpose, CancellationToken cancellationToken) =>
        await MongoConnection.OpenAsync(url, purpose, cancellationToken);

    public override async Task<Eclusier.Engines.Sandbox> StartSandboxAsync(CancellationToken cancellationToken) =>
        await MongoSandbox.StartAsync(cancellationToken, ConnectToScratchAsync);

    public override Eclusier.Engines.Sandbox UseServer(DatabaseUrl url) => new ServerOfTheUser(url, ConnectToScratchAsync);

    public override Task<DatabaseSwap> PrepareSwapAsync(TargetEnvironment environment, TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult<DatabaseSwap>(new NoSwap());

    private Task<Database> ConnectToScratchAsync(DatabaseUrl url, CancellationToken cancellationToken) => ConnectAsync(url, "eclusier rehearsal", cancellationToken);
}
