using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>Turns what a connection throws into words for a user.</summary>
/// <param name="description">The database without secrets.</param>
internal sealed class ServerGuard(string description)
{
    /// <exception cref="EclusierException">The connection was lost (<see cref="UnavailableException"/>), or the server refused (<see cref="RefusedException"/>).</exception>
    public async Task<T> RunAsync<T>(Text doing, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (PostgresException error) when (SqlErrors.EndsConnection(error))
        {
            throw PostgresErrors.Lost(error, description, doing);
        }
        catch (PostgresException error)
        {
            throw PostgresErrors.Refused(error, description);
        }
        catch (NpgsqlException error)
        {
            throw PostgresErrors.Lost(error, description, doing);
        }
    }
}
