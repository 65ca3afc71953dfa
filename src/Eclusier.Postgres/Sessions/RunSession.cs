using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>
/// What holds for all of a run's own connection, which is nobody else's: our way to read, and that the server does not end it while a backup is
/// taken, or while somebody reads the plan. The run's lock would go with it.
/// </summary>
internal static class RunSession
{
    /// <summary>Again after each RESET ALL.</summary>
    public static Task EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAllAsync([.. OwnSettings.Set("set"), .. Patience(connection.PostgreSqlVersion.Major)], cancellationToken);

    /// <summary>The server does not end the session while it rests.</summary>
    public static IEnumerable<string> Patience(int major)
    {
        yield return "set idle_in_transaction_session_timeout = 0";
        if (major >= 14)
            yield return "set idle_session_timeout = 0";
        if (major >= 17)
            yield return "set transaction_timeout = 0";
    }
}
