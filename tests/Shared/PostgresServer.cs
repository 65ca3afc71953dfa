using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sandbox;
using Eclusier.Postgres.Sql;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Eclusier.Tests.Shared;

/// <summary>One sandbox for all tests of an assembly, started when the first test asks for a database.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresSandbox>> _sandbox = new(() => PostgresSandbox.StartAsync(CancellationToken.None));
    private readonly Lazy<Task<PostgresSandbox>> _rehearsals = new(() => PostgresSandbox.StartAsync(CancellationToken.None));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public Task<PostgresSandbox> SandboxAsync() => _sandbox.Value;

    /// <summary>A server for scratch databases: quicker than one for each run, and the roles that a rehearsal drops there are no other test's.</summary>
    public Task<PostgresSandbox> RehearsalsAsync() => _rehearsals.Value;

    /// <summary>A fresh database for one test.</summary>
    /// <param name="template">Copied; null: an empty one.</param>
    public async Task<DatabaseUrl> NewDatabaseAsync(string? template = null) =>
        await (await SandboxAsync()).CreateEmptyDatabaseAsync(template, TestContext.Current.CancellationToken);

    /// <summary>Opens a connection, as the tests' own and not the tool's.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(DatabaseUrl url) =>
        await PostgresConnection.OpenAsync(url, "test", TestContext.Current.CancellationToken);

    public static async Task ExecuteAsync(DatabaseUrl url, string sql)
    {
        await using var connection = await ConnectAsync(url);
        foreach (var statement in ScriptSplitter.Split(sql))
        {
            await using var command = new NpgsqlCommand(statement.Sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(DatabaseUrl url, string sql)
    {
        await using var connection = await ConnectAsync(url);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in new[] { _sandbox, _rehearsals }.Where(sandbox => sandbox.IsValueCreated))
            await (await sandbox.Value).DisposeAsync();
    }
}
