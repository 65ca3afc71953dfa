using Eclusier.Postgres.Sandbox;

[assembly: AssemblyFixture(typeof(Eclusier.PostgresServer))]

namespace Eclusier;

/// <summary>One throwaway server for all tests of an assembly; each test asks it for a database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private PostgresSandbox? _sandbox;

    public PostgresSandbox Sandbox => _sandbox ?? throw new InvalidOperationException("the server is not running");

    public async ValueTask InitializeAsync() => _sandbox = await PostgresSandbox.StartAsync(connect: null, CancellationToken.None);

    public Task<DatabaseUrl> NewDatabaseAsync() => Sandbox.CreateEmptyDatabaseAsync(template: null, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }
}
