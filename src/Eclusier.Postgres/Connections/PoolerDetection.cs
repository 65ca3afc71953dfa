using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>
/// A pooler in transaction mode gives each transaction another server connection: session locks and settings would
/// mean nothing. Such an address is refused before anything is changed.
/// </summary>
internal static class PoolerDetection
{
    /// <exception cref="EclusierException">The address is a pooler's in transaction mode, with the one to use instead.</exception>
    public static async Task RefuseAsync(DatabaseUrl url, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var address = PostgresUrl.Parse(url);
        var host = address.Hosts[0];
        if (host.EndsWith(".pooler.supabase.com", StringComparison.OrdinalIgnoreCase) && address.Ports[0] == "6543")
            throw Refused(url, new Text("Use port 5432 of the same host (session mode), or the direct host db.<project>.supabase.co:5432.", "Utilisez le port 5432 du même hôte (mode session), ou l'hôte direct db.<projet>.supabase.co:5432."));
        if (host.EndsWith(".neon.tech", StringComparison.OrdinalIgnoreCase) && host.Split('.')[0].EndsWith("-pooler", StringComparison.OrdinalIgnoreCase))
            throw Refused(url, new Text("Remove `-pooler` from the host name: that is Neon's direct address.", "Retirez `-pooler` du nom d'hôte : c'est l'adresse directe de Neon."));
        if (await SharesBackendAsync(url, connection, cancellationToken))
            throw Refused(url, new Text("Use the address of PostgreSQL itself, or a pool in session mode.", "Utilisez l'adresse de PostgreSQL lui-même, ou un pool en mode session."));
    }

    /// <summary>
    /// Two clients that are connected at once have two server processes, unless a pooler lends them out by the
    /// transaction: then the second client's transaction takes the process that the first has just left.
    /// </summary>
    private static async Task<bool> SharesBackendAsync(DatabaseUrl url, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string MyProcess = "select pg_backend_pid()";
        var mine = await connection.ScalarAsync<int>(MyProcess, cancellationToken);
        await using var other = await PostgresConnection.OpenAsync(url, "eclusier pooler probe", cancellationToken);
        await other.ExecuteAsync("begin", cancellationToken);
        var theirs = await other.ScalarAsync<int>(MyProcess, cancellationToken);
        var mineNow = await connection.ScalarAsync<int>(MyProcess, cancellationToken);
        await other.ExecuteAsync("rollback", cancellationToken);
        return mine == theirs || mine != mineNow;
    }

    private static EclusierException Refused(DatabaseUrl url, Text remedy) => new InvalidInputException(
        new Text(
            "This address is a connection pooler in transaction mode: locks and settings of a session do not hold there.",
            "Cette adresse est un pooler de connexions en mode transaction : les verrous et réglages de session n'y tiennent pas."),
        PostgresUrl.Describe(url),
        remedy);
}
