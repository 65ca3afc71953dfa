using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>
/// A server looks for its client only between statements, unless it is told to look meanwhile. Then a tool that was killed in a long
/// statement holds its locks for two seconds, and not to the statement's end.
/// See https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL.
/// </summary>
internal static class ClientCheck
{
    public const string Name = "client_connection_check_interval";

    public const string Milliseconds = "2000";

    /// <summary>True from PostgreSQL 14 on, where the server's operating system can tell.</summary>
    public static async Task<bool> IsSupportedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync($"set {Name} = {Milliseconds}", cancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
