using System.Security.Cryptography;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Databases that are made for a rehearsal or a test, and dropped after it.</summary>
internal static class ScratchDatabase
{
    private const string Application = "eclusier sandbox";

    public static string NewName(string prefix) => $"{prefix}_{RandomNumberGenerator.GetHexString(10, lowercase: true)}";

    /// <param name="template">Null: <c>template0</c>, into which a dump can be restored without finding anything there.</param>
    public static async Task CreateAsync(DatabaseUrl server, string name, string? template, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(server, Application, cancellationToken);
        try
        {
            await ExecuteAsync(connection, $"create database {Quoted(name)} template {Quoted(template ?? "template0")}", cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new EclusierException(
                new Text($"A scratch database cannot be created: {e.MessageText}", $"Une base de travail ne peut pas être créée : {e.MessageText}"),
                PostgresUrl.Describe(server),
                new Text("Grant the user CREATEDB on that server, or leave rehearsal.url out to use a sandbox.",
                    "Donnez à l'utilisateur le droit CREATEDB sur ce serveur, ou retirez rehearsal.url pour utiliser un bac à sable."),
                ExitCode.Unavailable,
                e);
        }
    }

    public static Task DropAsync(NpgsqlConnection server, string name, CancellationToken cancellationToken) =>
        ExecuteAsync(server, $"drop database if exists {Quoted(name)} with (force)", cancellationToken);

    /// <summary>An identifier as SQL wants it, whatever is in it.</summary>
    public static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
