using Eclusier.Catalog;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Makes an empty scratch database look like another server to migrations: its platform, its roles, its extensions and its search path.</summary>
public static class StandIn
{
    /// <summary>Those of <c>supabase.sql</c>.</summary>
    private static readonly string[] SupabaseRoles =
    [
        "anon", "authenticated", "service_role", "authenticator", "supabase_admin", "supabase_auth_admin", "supabase_storage_admin", "supabase_realtime_admin",
        "supabase_replication_admin", "supabase_read_only_user", "supabase_functions_admin", "dashboard_user", "pgbouncer",
    ];

    /// <exception cref="EclusierException">The user may not make roles, or what else it takes (<see cref="ExitCode.NoGo"/>).</exception>
    public static async Task PrepareAsync(DatabaseUrl empty, Surroundings surroundings, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresConnection.OpenAsync(empty, "eclusier sandbox", cancellationToken);
        try
        {
            await connection.ExecuteAsync("set client_min_messages = warning", cancellationToken);
            if (surroundings.Platform == "supabase")
                await ScratchRoles.MarkNewAsync(connection, SupabaseRoles, () => connection.ExecuteAllAsync(ScriptSplitter.Split(EmbeddedScript.Read("Sandbox.supabase.sql")).Select(statement => statement.Sql), cancellationToken), cancellationToken);
            await ScratchRoles.CreateAsync(connection, surroundings.Roles, cancellationToken);
            await ExtensionsAsync(connection, surroundings.Extensions, cancellationToken);
            if (surroundings.SearchPath.Length > 0)
                await connection.ExecuteAsync($"alter database {Identifier.Quote(PostgresUrl.Parse(empty).Database)} set search_path = {surroundings.SearchPath}", cancellationToken);
        }
        catch (PostgresException refused)
        {
            throw PostgresErrors.Refused(refused, PostgresUrl.Describe(empty), ExitCode.NoGo);
        }
    }

    private static async Task ExtensionsAsync(NpgsqlConnection connection, IReadOnlyList<InstalledExtension> wanted, CancellationToken cancellationToken)
    {
        var available = (await connection.RowsAsync("select name::text from pg_available_extensions", row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
        foreach (var extension in wanted.Where(extension => available.Contains(extension.Name)))
        {
            var schema = Identifier.Quote(extension.Schema);
            // One may need another.
            await connection.ExecuteAllAsync([$"create schema if not exists {schema}", $"create extension if not exists {Identifier.Quote(extension.Name)} with schema {schema} cascade"], cancellationToken);
        }
    }
}
