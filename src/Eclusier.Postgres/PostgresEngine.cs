using Eclusier.Engines;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;

namespace Eclusier.Postgres;

/// <summary>PostgreSQL: Npgsql for the connection, the server's own programs for dumps and sandboxes.</summary>
public sealed class PostgresEngine : Engine
{
    public override async Task<Database> ConnectAsync(DatabaseUrl url, string purpose, CancellationToken cancellationToken) =>
        await PostgresDatabase.OpenAsync(url, purpose, cancellationToken);

    public override async Task<Eclusier.Engines.Sandbox> StartSandboxAsync(CancellationToken cancellationToken) =>
        await PostgresSandbox.StartAsync(cancellationToken, ConnectToScratchAsync);

    public override Eclusier.Engines.Sandbox UseServer(DatabaseUrl url) => new ServerOfTheUser(url, ConnectToScratchAsync);

    public override async Task<DatabaseSwap> PrepareSwapAsync(TargetEnvironment environment, TimeProvider time, CancellationToken cancellationToken) =>
        await PostgresSwap.PrepareAsync(environment.Url, time, cancellationToken);

    private static async Task<Database> ConnectToScratchAsync(DatabaseUrl url, CancellationToken cancellationToken) => await PostgresDatabase.OpenScratchAsync(url, cancellationToken);
}
