using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Extensions;

/// <summary>An extension that a server cannot give to a database.</summary>
/// <param name="Refused">Its files are there, but that is not enough.</param>
internal sealed record LackingExtension(string Name, bool Refused)
{
    public MissingExtension With(IEnumerable<UnprovenObject> unproven, int serverVersion) =>
        new(Name, Refused ? null : KnownExtensions.Package(Name, serverVersion), [.. unproven]) { Refused = Refused };
}

/// <summary>What can be had with CREATE EXTENSION on a server.</summary>
internal static class AvailableExtensions
{
    /// <summary>Their files are not enough: they must be loaded when the server starts, or want a database of their own.</summary>
    private static readonly HashSet<string> Demanding = new(StringComparer.Ordinal)
    {
        "citus", "pg_cron", "pg_net", "pg_qualstats", "pg_squeeze", "pg_stat_kcache", "pg_tle", "pg_wait_sampling", "pgaudit", "pglogical", "pgsodium", "supabase_vault", "timescaledb",
    };

    /// <param name="connection">To the database that is to have them, outside a transaction.</param>
    /// <returns>Those that the server does not have, or refuses to that database.</returns>
    public static async Task<IReadOnlyList<LackingExtension>> LackingAsync(NpgsqlConnection connection, IReadOnlyList<string> extensions, CancellationToken cancellationToken)
    {
        var unknown = await connection.RowsAsync(
            "select wanted from unnest($1) as wanted where not exists (select from pg_available_extensions where name = wanted)", row => row.GetString(0), cancellationToken, [extensions.ToArray()]);
        var lacking = unknown.Select(extension => new LackingExtension(extension, Refused: false)).ToList();
        foreach (var extension in extensions.Where(Demanding.Contains).Except(unknown, StringComparer.Ordinal))
        {
            if (!await CanBeCreatedAsync(connection, extension, cancellationToken))
                lacking.Add(new LackingExtension(extension, Refused: true));
        }

        return lacking;
    }

    private static async Task<bool> CanBeCreatedAsync(NpgsqlConnection connection, string extension, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAllAsync(["begin", $"create extension if not exists {Identifier.Quote(extension)} cascade"], cancellationToken);
            return true;
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            return false;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }
}
