using System.Security.Cryptography;
using Eclusier.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Databases that are made for a rehearsal or a test, and dropped after it.</summary>
internal static class ScratchDatabase
{
    private const string Application = "eclusier sandbox";

    public static string NewName(string prefix) => $"{prefix}_{RandomNumberGenerator.GetHexString(10, lowercase: true)}";

    /// <param name="template">Null: <c>template0</c>, into which a dump can be restored without finding anything there.</param>
    /// <param name="text">How it is to keep and sort text; null: as the server does by default.</param>
    /// <returns>What this machine could not do of that.</returns>
    public static async Task<IReadOnlyList<Text>> CreateAsync(DatabaseUrl server, string name, string? template, CancellationToken cancellationToken, TextTraits? text = null)
    {
        await using var connection = await PostgresConnection.OpenAsync(server, Application, cancellationToken);
        try
        {
            return await LikeTarget.CreateAsync(text, connection.PostgreSqlVersion.Major, options => connection.ExecuteAsync($"create database {Identifier.Quote(name)} template {Identifier.Quote(template ?? "template0")}{options}", cancellationToken));
        }
        catch (PostgresException e)
        {
            throw new UnavailableException(
                new Text($"A scratch database cannot be created: {PostgresErrors.Describe(e)}", $"Une base de travail ne peut pas être créée : {PostgresErrors.Describe(e)}"),
                PostgresUrl.Describe(server),
                new Text("Grant the user CREATEDB on that server, or leave rehearsal.url out to use a sandbox.",
                    "Donnez à l'utilisateur le droit CREATEDB sur ce serveur, ou retirez rehearsal.url pour utiliser un bac à sable."),
                e);
        }
    }

    public static Task DropAsync(NpgsqlConnection server, string name, CancellationToken cancellationToken) =>
        server.ExecuteAsync($"drop database if exists {Identifier.Quote(name)} with (force)", cancellationToken);
}
