using Eclusier.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Makes an empty scratch database look like another server to migrations: its platform, its roles, its schemas, its extensions and its settings.</summary>
public static class StandIn
{
    /// <summary>Those of <c>supabase.sql</c>.</summary>
    private static readonly string[] SupabaseRoles =
    [
        "anon", "authenticated", "service_role", "authenticator", "supabase_admin", "supabase_auth_admin", "supabase_storage_admin", "supabase_realtime_admin",
        "supabase_replication_admin", "supabase_read_only_user", "supabase_functions_admin", "dashboard_user", "pgbouncer",
    ];

    /// <returns>What could not be had here.</returns>
    /// <exception cref="RefusedException">The user may not make roles, or what else it takes.</exception>
    public static async Task<IReadOnlyList<Text>> PrepareAsync(DatabaseUrl empty, Surroundings surroundings, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(empty, "eclusier sandbox", cancellationToken);
        try
        {
            await connection.ExecuteAsync("set client_min_messages = warning", cancellationToken);
            await RolesAsync(connection, surroundings, cancellationToken);
            foreach (var schema in surroundings.Schemas)
                await connection.ExecuteAsync($"create schema if not exists {Identifier.Quote(schema)}", cancellationToken);
            foreach (var extension in surroundings.Extensions)
                await ExtensionAsync(connection, extension, cancellationToken);
            return await LikeTarget.SetAsync(connection, surroundings, cancellationToken);
        }
        catch (PostgresException refused)
        {
            throw PostgresErrors.Refused(refused, PostgresUrl.Describe(empty));
        }
    }

    /// <summary>Roles belong to the whole server: another rehearsal may make or drop them between the question and the answer. Then it is asked again.</summary>
    private static async Task RolesAsync(NpgsqlConnection connection, Surroundings surroundings, CancellationToken cancellationToken)
    {
        const int Attempts = 10;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (surroundings.Platform == "supabase")
                    await SupabaseAsync(connection, cancellationToken);
                await ScratchRoles.CreateLikeAsync(connection, surroundings.Roles, cancellationToken);
                return;
            }
            catch (PostgresException raced) when (attempt < Attempts
                && raced.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.UndefinedObject)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), cancellationToken);
            }
        }
    }

    private static Task SupabaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ScratchRoles.MarkNewAsync(
        connection, SupabaseRoles,
        () => connection.ExecuteAllAsync(ScriptSplitter.Split(EmbeddedScript.Read("Sandbox.supabase.sql")).Select(statement => statement.Sql), cancellationToken),
        cancellationToken);

    /// <summary>One that this machine lacks, or that this server refuses to a database, gets a stand-in; where that is not permitted either, it is missing.</summary>
    private static async Task ExtensionAsync(NpgsqlConnection connection, InstalledExtension extension, CancellationToken cancellationToken)
    {
        var schema = Identifier.Quote(extension.Schema);
        try
        {
            // One may need another.
            await connection.ExecuteAllAsync(["begin", $"create schema if not exists {schema}", $"create extension if not exists {Identifier.Quote(extension.Name)} with schema {schema} cascade", "commit"], cancellationToken);
        }
        catch (PostgresException)
        {
            await connection.ExecuteAllAsync(["rollback", "begin"], CancellationToken.None);
            try
            {
                await ExtensionStandIn.CreateAsync(connection, extension, cancellationToken);
                await connection.ExecuteAsync("commit", cancellationToken);
            }
            catch (PostgresException)
            {
                await connection.ExecuteAsync("rollback", CancellationToken.None);
            }
        }
    }
}
