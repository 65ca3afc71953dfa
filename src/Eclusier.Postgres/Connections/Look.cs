using System.Data;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>
/// Our own look at a database: in a transaction that cannot write, under settings of our own (see <see cref="OwnSettings"/>), and never for long in the
/// queue for a lock, where it would wait for whoever holds it, and others for it.
/// </summary>
internal static class Look
{
    /// <summary>Long enough for a lock that is only passing.</summary>
    private const string LockTimeout = "set local lock_timeout = '2s'";

    private const string Savepoint = "look";

    /// <summary>The second attempt knows of locks that the first one met.</summary>
    public const int Briefly = 2;

    /// <summary>Half a minute: a run that is under way should not end for a lock that is only passing.</summary>
    public const int Patiently = 15;

    /// <param name="attempts"><see cref="Briefly"/> or <see cref="Patiently"/>.</param>
    /// <exception cref="UnavailableException">Something that must be looked at is locked, and by whom.</exception>
    public static async Task<T> RunAsync<T>(NpgsqlConnection connection, string where, int attempts, Func<Task<T>> look, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await connection.ExecuteAllAsync(
                ["begin isolation level read committed read only", LockTimeout, "set local statement_timeout = 0", .. OwnSettings.Set("set local"), $"savepoint {Savepoint}"], cancellationToken);
            try
            {
                return await look();
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await RollBackAsync(connection);
                if (attempt == attempts)
                    throw await LockHolders.RefusalAsync(connection, where, error, cancellationToken);
            }
            finally
            {
                await RollBackAsync(connection);
            }
        }
    }

    /// <summary>The same for what has transactions of its own, on a connection that nobody shares.</summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public static async Task<T> BesideAsync<T>(NpgsqlConnection connection, string where, Func<Task<T>> look, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("set lock_timeout = '2s'", cancellationToken);
        try
        {
            return await look();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw await LockHolders.RefusalAsync(connection, where, error, cancellationToken);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
                await connection.ExecuteAsync("reset lock_timeout", CancellationToken.None);
        }
    }

    /// <summary>After an error that was expected, such as a table that is not there: a look goes on. Outside of one there is nothing to do.</summary>
    public static async Task GoOnAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.ExecuteAsync($"rollback to savepoint {Savepoint}", CancellationToken.None);
        }
        catch (PostgresException outside) when (outside.SqlState is PostgresErrorCodes.NoActiveSqlTransaction or PostgresErrorCodes.InvalidSavepointSpecification)
        {
        }
    }

    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        if (connection.State == ConnectionState.Open)
            await connection.ExecuteAsync("rollback", CancellationToken.None);
    }
}
