using System.Net.Sockets;
using Npgsql;

namespace Eclusier.Postgres;

/// <summary>Opens connections, and says in a user's words why one cannot be had.</summary>
public static class PostgresConnection
{
    /// <exception cref="EclusierException">The server cannot be reached or refuses (<see cref="ExitCode.Unavailable"/>).</exception>
    public static async Task<NpgsqlConnection> OpenAsync(DatabaseUrl url, string applicationName, CancellationToken cancellationToken)
    {
        var connection = DataSource(url, applicationName).CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            await connection.DisposeAsync();
            throw Refused(e, url);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Not disposed: without a pool it holds nothing. The types of the server's extensions are never read, and loading them
    /// would cost a round trip.
    /// </summary>
    private static NpgsqlDataSource DataSource(DatabaseUrl url, string applicationName)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(PostgresUrl.ConnectionString(url, applicationName));
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(enable: false));
        return builder.Build();
    }

    private static EclusierException Refused(Exception cause, DatabaseUrl url)
    {
        var reason = Secrets.Redact((cause as PostgresException)?.MessageText ?? cause.Message);
        return new EclusierException(
            new Text($"The database cannot be reached: {reason}", $"La base de données est inaccessible : {reason}"),
            PostgresUrl.Describe(url),
            Remedy((cause as PostgresException)?.SqlState),
            ExitCode.Unavailable,
            cause);
    }

    private static Text Remedy(string? state) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new Text("Check the user and the password in the URL.", "Vérifiez l'utilisateur et le mot de passe de l'URL."),
        PostgresErrorCodes.InvalidCatalogName =>
            new Text("Check the database's name at the end of the URL.", "Vérifiez le nom de la base à la fin de l'URL."),
        PostgresErrorCodes.TooManyConnections =>
            new Text("Wait until connections are free, or close some.", "Attendez que des connexions se libèrent, ou fermez-en."),
        _ => new Text("Check that the server runs, and the URL's host and port.", "Vérifiez que le serveur fonctionne, ainsi que l'hôte et le port de l'URL."),
    };
}
