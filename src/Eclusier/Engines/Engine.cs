using Eclusier.Runbooks;

namespace Eclusier.Engines;

/// <summary>The port: what a database engine must be able to do. The core knows no driver.</summary>
public abstract class Engine
{
    /// <summary>
    /// Opens the one connection that a run works on.
    /// </summary>
    /// <param name="purpose">What the server's list of connections shows (<c>application_name</c>).</param>
    /// <exception cref="UnavailableException">The server cannot be reached or refuses.</exception>
    public abstract Task<Database> ConnectAsync(DatabaseUrl url, string purpose, CancellationToken cancellationToken);

    /// <summary>Starts a throwaway server on this machine; disposing it leaves nothing behind.</summary>
    public abstract Task<Sandbox> StartSandboxAsync(CancellationToken cancellationToken);

    /// <summary>A server of the user's own, used like a sandbox: only the scratch databases made on it are removed.</summary>
    public abstract Sandbox UseServer(DatabaseUrl url);

    /// <summary>Where copies are restored and migrations replayed: the runbook's own server, or a throwaway one.</summary>
    public async Task<Sandbox> OpenSandboxAsync(Runbook runbook, CancellationToken cancellationToken) =>
        runbook.Rehearsal?.Url is { } url ? UseServer(url) : await StartSandboxAsync(cancellationToken);

    /// <summary>Looks whether a restored database can take the place of this one.</summary>
    public abstract Task<DatabaseSwap> PrepareSwapAsync(TargetEnvironment environment, TimeProvider time, CancellationToken cancellationToken);
}
