using System.Security.Cryptography;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>A server that the runbook names for rehearsals (<c>rehearsal: { url: … }</c>): only our scratch databases come and go on it.</summary>
internal sealed class ServerOfTheUser(DatabaseUrl url, Func<DatabaseUrl, CancellationToken, Task<Database>> connect) : Eclusier.Sandbox
{
    private readonly List<string> _databases = [];

    public override string Description => PostgresUrl.Describe(url);

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"eclusier_rehearsal_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}";
        await ExecuteAsync($"create database {name} template template0", cancellationToken);
        _databases.Add(name);
        return await connect(new DatabaseUrl(new UriBuilder(url.Reveal()) { Path = name }.Uri.AbsoluteUri), cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var name in _databases)
            await ExecuteAsync($"drop database if exists {name} with (force)", CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ConnectionString(url, "eclusier rehearsal"));
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(sql, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.CannotConnect(error, url);
        }
    }
}
