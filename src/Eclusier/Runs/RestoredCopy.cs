using Eclusier.Engines;

namespace Eclusier.Runs;

/// <summary>The restored copy of the target that the rehearsal runs on, and the sandbox it lives in.</summary>
internal sealed class RestoredCopy : IAsyncDisposable
{
    public Sandbox? Sandbox { get; set; }

    public Database? Database { get; set; }

    public async ValueTask DisposeAsync()
    {
        var (database, sandbox) = (Database, Sandbox);
        (Database, Sandbox) = (null, null);
        if (database is not null)
            await database.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }
}
