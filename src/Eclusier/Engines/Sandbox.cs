using Eclusier.Catalog;
using Eclusier.Evidence;

namespace Eclusier.Engines;

/// <summary>A place for scratch databases.</summary>
public abstract class Sandbox : IAsyncDisposable
{
    /// <summary><see cref="RehearsalPlace.ThisMachine"/>, or the server's address without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>Creates an empty database and connects to it. Dropped when the sandbox is disposed.</summary>
    public abstract Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>As above, with what migrations find on another server before the first of them runs, where that means anything; extensions that this machine lacks are left out.</summary>
    public virtual Task<Database> CreateLikeAsync(Surroundings surroundings, CancellationToken cancellationToken) => CreateDatabaseAsync(cancellationToken);

    public abstract ValueTask DisposeAsync();
}
