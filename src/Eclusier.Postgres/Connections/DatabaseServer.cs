using System.Net;

namespace Eclusier.Postgres.Connections;

/// <summary>One of the servers that an address names.</summary>
/// <param name="Host">Its name, its address, or the folder of its unix socket.</param>
/// <param name="Address">Where it is reached instead of asking for the name (<c>hostaddr</c>); null: by the name. TLS goes by the name all the same.</param>
internal sealed record DatabaseServer(string Host, string? Address, string Port)
{
    private const string DefaultPort = "5432";

    /// <summary>Where builds of libpq put the local socket: Debian's, and everybody else's.</summary>
    private static readonly string[] SocketFolders = ["/var/run/postgresql", "/tmp"];

    /// <summary>It is reached through a socket of this machine: there is no TLS and no TCP on the way.</summary>
    public bool IsLocalSocket => Address is null && Host.StartsWith('/');

    internal string NameInPasswordFile => SocketFolders.Contains(Host) ? "localhost" : Host;

    /// <summary>By a unix socket or over loopback. What a tunnel leads to seems to be here, too.</summary>
    internal bool IsHere => IsLocalSocket || (Address ?? Host) == "localhost" || (IPAddress.TryParse(Address ?? Host, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="InvalidInputException">There are several, and not as many ports or addresses.</exception>
    public static IReadOnlyList<DatabaseServer> Of(string? host, string? address, string? port, DatabaseUrl url)
    {
        string[] hosts = host?.Split(',') ?? [], addresses = address?.Split(',') ?? [], ports = port?.Split(',') ?? [];
        var count = Math.Max(1, Math.Max(hosts.Length, addresses.Length));
        // As in libpq, one port serves all; of the others there is one each, or none.
        if ((hosts.Length > 0 && hosts.Length != count) || (addresses.Length > 0 && addresses.Length != count) || (ports.Length > 1 && ports.Length != count))
            throw Uneven(url, count);
        if (ports.FirstOrDefault(given => given.Length > 0 && !(int.TryParse(given, out var number) && number is > 0 and <= 65535)) is not null)
            throw NoPort(url);
        return [.. Enumerable.Range(0, count).Select(index => Of(hosts.ElementAtOrDefault(index), addresses.ElementAtOrDefault(index), ports.Length == 1 ? ports[0] : ports.ElementAtOrDefault(index)))];
    }

    public override string ToString() => $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";

    private static DatabaseServer Of(string? host, string? address, string? port)
    {
        var number = string.IsNullOrEmpty(port) ? DefaultPort : port;
        var reached = string.IsNullOrEmpty(address) ? null : address;
        return string.IsNullOrEmpty(host) ? new DatabaseServer(reached ?? LocalHost(number), reached, number) : new DatabaseServer(host, reached, number);
    }

    /// <summary>libpq's default is the local unix socket, wherever its build puts it.</summary>
    private static string LocalHost(string port) =>
        SocketFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, $".s.PGSQL.{port}"))) ?? "localhost";

    /// <summary>What stands there is not repeated: where a host was forgotten, it is the password.</summary>
    private static EclusierException NoPort(DatabaseUrl url) => new InvalidInputException(
        new Text("The port of the database URL is not a number from 1 to 65535.", "Le port de l'URL de la base n'est pas un nombre entre 1 et 65535."),
        url.Redacted,
        new Text("Write it as postgresql://user:password@host:5432/database.", "Écrivez-la comme postgresql://utilisateur:motdepasse@hôte:5432/base."));

    private static EclusierException Uneven(DatabaseUrl url, int count) => new InvalidInputException(
        new Text($"The database URL names {count} servers, and not as many ports or addresses.", $"L'URL de la base nomme {count} serveurs, et pas autant de ports ou d'adresses."),
        url.Redacted,
        new Text("Give one port for all, or one for each; hostaddr for each, or for none.", "Donnez un port pour tous, ou un pour chacun ; hostaddr pour chacun, ou pour aucun."));
}
