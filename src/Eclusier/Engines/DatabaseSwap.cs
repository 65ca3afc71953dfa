namespace Eclusier.Engines;

/// <summary>Puts a restored database in the place of the live one, and back again if need be. Nothing changes before <see cref="SwapAsync"/>.</summary>
public abstract class DatabaseSwap : IAsyncDisposable
{
    /// <summary>Why it cannot be done here (hosted servers, missing rights); null when it can.</summary>
    public abstract Text? Impossible { get; }

    /// <summary>What will not come along.</summary>
    public abstract IReadOnlyList<Text> Warnings { get; }

    /// <summary>Removes what a restore that was killed has left beside the live database.</summary>
    /// <returns>What was found, by name, and what became of it.</returns>
    public virtual Task<IReadOnlyList<Text>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Text>>([]);

    /// <summary>Creates an empty database beside the live one, with its owner, settings and rights.</summary>
    public abstract Task<Database> CreateBesideAsync(CancellationToken cancellationToken);

    /// <summary>Cuts the connections to the live database and gives its name to the one beside, in one transaction. The caller has no connection to either any more.</summary>
    /// <exception cref="UnavailableException">It could not be done, and everything is as it was.</exception>
    public abstract Task<SwapResult> SwapAsync(CancellationToken cancellationToken);

    /// <summary>The other way round.</summary>
    /// <exception cref="EclusierException">As above.</exception>
    public abstract Task<SwapResult> SwapBackAsync(CancellationToken cancellationToken);

    /// <summary>Drops the database beside, where it was not swapped in.</summary>
    public abstract Task DropBesideAsync();

    public abstract ValueTask DisposeAsync();
}

/// <param name="Kept">The name of the database that was live before.</param>
/// <param name="DowntimeMs">From the first connection that was cut to the moment when the name was there again.</param>
public sealed record SwapResult(string Kept, double DowntimeMs);
