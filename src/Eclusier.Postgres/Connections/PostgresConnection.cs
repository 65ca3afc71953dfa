using System.Net.Sockets;
using System.Security.Cryptography;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>Opens connections, and says in a user's words why one cannot be had.</summary>
public static class PostgresConnection
{
    /// <summary>The oldest version that is understood. What 12 lacks (regcollation, for one) is in nearly every question; it has had no mending since November 2024.</summary>
    private const int Oldest = 13;

    /// <summary>Of several servers the first that answers and does as <c>target_session_attrs</c> says, tried in libpq's order.</summary>
    /// <exception cref="EclusierException">No server can be reached, or it refuses (<see cref="UnavailableException"/>), or it is too old (<see cref="InvalidInputException"/>).</exception>
    public static async Task<NpgsqlConnection> OpenAsync(DatabaseUrl url, string applicationName, CancellationToken cancellationToken)
    {
        var address = PostgresUrl.Parse(url);
        var order = Enumerable.Range(0, address.Servers.Count).ToArray();
        if (address.Parameter("load_balance_hosts") == "random")
            RandomNumberGenerator.Shuffle(order.AsSpan());
        var refusals = new List<Text>();
        Exception? last = null;
        foreach (var wanted in SessionAttributes.Rounds(address.Parameter(SessionAttributes.Name)))
        {
            foreach (var server in order)
            {
                var connection = DataSource(address, server, url, applicationName).CreateConnection();
                try
                {
                    await connection.OpenAsync(cancellationToken);
                    if (connection.PostgreSqlVersion.Major < Oldest)
                        throw TooOld(connection, url);
                    if (await SessionAttributes.RefusesAsync(connection, wanted, cancellationToken) is not { } other)
                        return connection;
                    last = null;
                    refusals.Add(Of(address, server, other));
                    await connection.DisposeAsync();
                }
                catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
                {
                    await connection.DisposeAsync();
                    var reason = Secrets.Redact((e as PostgresException)?.MessageText ?? e.Message);
                    refusals.Add(Of(address, server, Text.Same(reason)));
                    last = e;
                    // As in libpq: a server that answers and refuses the user ends the search, one that is starting or stopping does not.
                    if (e is PostgresException { SqlState: not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.TooManyConnections) })
                        throw Refused(refusals, last, url, address);
                }
                catch
                {
                    await connection.DisposeAsync();
                    throw;
                }
            }
        }

        throw Refused(refusals, last, url, address);
    }

    /// <summary>
    /// Not disposed: without a pool it holds nothing. The types of the server's extensions are never read, and loading them
    /// would cost a round trip.
    /// </summary>
    private static NpgsqlDataSource DataSource(PostgresUrl address, int server, DatabaseUrl url, string applicationName)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString(server, url, applicationName));
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(enable: false));
        // Reached by its number, the server is still to prove its name.
        if (address.Servers[server] is { Address: { } number, Host: var name } && name != number)
            builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = name);
        return builder.Build();
    }

    private static Text Of(PostgresUrl address, int server, Text reason) =>
        address.Servers.Count == 1 ? reason : new Text($"{address.Servers[server]}: {reason.En}", $"{address.Servers[server]} : {reason.Fr}");

    private static EclusierException Refused(IReadOnlyList<Text> reasons, Exception? cause, DatabaseUrl url, PostgresUrl address)
    {
        var reason = Text.Join(reasons.Distinct());
        return new UnavailableException(
            new Text($"The database cannot be reached: {reason.En}", $"La base de données est inaccessible : {reason.Fr}"),
            PostgresUrl.Describe(url),
            cause is null ? NoSuchSession(address) : ConnectionRemedy.Of(cause, address),
            cause);
    }

    private static EclusierException TooOld(NpgsqlConnection connection, DatabaseUrl url) => new InvalidInputException(
        new Text($"This server runs PostgreSQL {connection.PostgreSqlVersion}: Eclusier works with {Oldest} and newer.", $"Ce serveur est en PostgreSQL {connection.PostgreSqlVersion} : Eclusier fonctionne à partir de {Oldest}."),
        PostgresUrl.Describe(url),
        new Text("Upgrade the server first (pg_upgrade, or pg_dump into a newer one).", "Mettez d'abord le serveur à niveau (pg_upgrade, ou pg_dump vers un plus récent)."));

    private static Text NoSuchSession(PostgresUrl address)
    {
        var wanted = address.Parameter(SessionAttributes.Name);
        return new Text(
            $"target_session_attrs asks for {wanted}: name a server that is, or leave it out (PGTARGETSESSIONATTRS, too).",
            $"target_session_attrs demande {wanted} : nommez un serveur qui le soit, ou retirez-le (PGTARGETSESSIONATTRS aussi).");
    }
}
