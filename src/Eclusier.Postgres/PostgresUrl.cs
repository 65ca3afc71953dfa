using Npgsql;

namespace Eclusier.Postgres;

/// <summary>
/// A <c>postgresql://</c> URL as libpq understands it, for Npgsql and for child programs.
/// See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS.
/// </summary>
public sealed class PostgresUrl
{
    private const string DefaultPort = "5432";

    /// <summary>Seconds. libpq would wait for ever for a server that drops packets.</summary>
    private const int ConnectTimeout = 15;

    /// <summary>For libpq's programs, beside <see cref="ChildEnvironment"/>, where these have no variables: a peer that vanished is noticed within two minutes.</summary>
    internal const string KeepAlive = "keepalives=1 keepalives_idle=30 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000";

    private readonly Dictionary<string, string> _parameters;

    private PostgresUrl(string[] hosts, string[] ports, string user, string? password, string database, Dictionary<string, string> parameters)
    {
        Hosts = hosts;
        Ports = ports;
        User = user;
        Password = password;
        Database = database;
        _parameters = parameters;
    }

    /// <summary>Names, addresses, or folders of unix sockets; libpq tries them in order.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>As many as there are hosts.</summary>
    public IReadOnlyList<string> Ports { get; }

    public string User { get; }

    public string Database { get; }

    private string? Password { get; }

    /// <exception cref="EclusierException">Not a PostgreSQL URL, or a parameter is unknown (<see cref="ExitCode.Usage"/>).</exception>
    public static PostgresUrl Parse(DatabaseUrl url)
    {
        var parts = PostgresUrlParts.Split(url.Reveal()) ?? throw NotAUrl(url);
        var parameters = Query(parts.Query, url);
        string? Part(string name, string inPlace) =>
            parameters.Remove(name, out var value) ? value : inPlace.Length > 0 ? Uri.UnescapeDataString(inPlace) : null;

        var password = Part("password", parts.Password);
        Secrets.Remember(password);
        Secrets.Remember(Environment.GetEnvironmentVariable("PGPASSWORD"));
        var user = Part("user", parts.User) ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;
        var database = Part("dbname", parts.Database) ?? user;
        var (hosts, ports) = Servers(parts.Servers, parameters);
        if (parameters.Keys.FirstOrDefault(name => !PostgresUrlParameter.All.ContainsKey(name)) is { } unknown)
            throw Unknown(unknown, url);
        return new PostgresUrl(hosts, ports, user, password, database, parameters);
    }

    /// <summary>For Npgsql: one connection, no pool, failing within 15 seconds when the server does not answer.</summary>
    /// <param name="applicationName">What the server's list of connections shows, unless the URL says otherwise.</param>
    /// <exception cref="EclusierException">Not a PostgreSQL URL, or a parameter is unknown or wrong (<see cref="ExitCode.Usage"/>).</exception>
    public static string ConnectionString(DatabaseUrl url, string applicationName)
    {
        var parsed = Parse(url);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', parsed.Hosts.Zip(parsed.Ports, (host, port) => parsed.Hosts.Count == 1 ? host : $"{host}:{port}")),
            Username = parsed.User,
            Password = parsed.Password,
            Database = parsed.Database,
            ApplicationName = applicationName,
            Pooling = false,
            NoResetOnClose = true,
            KeepAlive = 30,
            // The other one speaks only while nothing is being asked: a statement that works for an hour must notice a peer that is gone.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 30,
            TcpKeepAliveInterval = 10,
            Timeout = ConnectTimeout,
            CommandTimeout = 0,
            MaxAutoPrepare = 0,
            IncludeErrorDetail = true,
            IncludeFailedBatchedCommand = true, // Tells which statement of a batch was refused.
            // Looking for Kerberos costs a library and a round trip; who needs it says gssencmode.
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        if (parsed.Hosts.Count == 1)
            builder.Port = int.Parse(parsed.Ports[0]);
        foreach (var (name, value) in parsed._parameters)
            Apply(builder, name, value, url);
        return builder.ConnectionString;
    }

    /// <summary>Host, port and database; no secrets.</summary>
    public static string Describe(DatabaseUrl url)
    {
        var parsed = Parse(url);
        var servers = parsed.Hosts.Zip(parsed.Ports, (host, port) => $"{Bracketed(host)}:{port}");
        return $"{string.Join(',', servers)}/{parsed.Database}";
    }

    /// <summary>
    /// For <c>pg_dump</c> and the like: the whole address as environment variables, because everybody can read a command line.
    /// Variables of the caller that would lead elsewhere (<c>PGSERVICE</c>, …) are removed (null).
    /// </summary>
    public static IReadOnlyDictionary<string, string?> ChildEnvironment(DatabaseUrl url)
    {
        var parsed = Parse(url);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PGSERVICE"] = null,
            ["PGHOSTADDR"] = null,
            ["PGHOST"] = string.Join(',', parsed.Hosts),
            ["PGPORT"] = string.Join(',', parsed.Ports),
            ["PGUSER"] = parsed.User,
            ["PGDATABASE"] = parsed.Database,
        };
        if (parsed.Password is not null)
            environment["PGPASSWORD"] = parsed.Password;
        foreach (var parameter in PostgresUrlParameter.All.Values.Where(p => p.Variable is not null))
        {
            if (parsed._parameters.TryGetValue(parameter.Name, out var value))
                environment[parameter.Variable!] = value;
            else if (!parameter.Inherited)
                environment[parameter.Variable!] = null;
        }
        environment["PGCONNECT_TIMEOUT"] ??= $"{ConnectTimeout}";
        return environment;
    }

    /// <summary>The same server, another database.</summary>
    public static DatabaseUrl WithDatabase(DatabaseUrl url, string database)
    {
        var parts = PostgresUrlParts.Split(url.Reveal()) ?? throw NotAUrl(url);
        var query = parts.Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !pair.StartsWith("dbname=", StringComparison.Ordinal))
            .ToArray();
        return new DatabaseUrl($"{parts.UpToServers}/{Uri.EscapeDataString(database)}{(query.Length == 0 ? "" : "?" + string.Join('&', query))}");
    }

    private static (string[] Hosts, string[] Ports) Servers(string servers, Dictionary<string, string> parameters)
    {
        var found = servers.Split(',');
        var hosts = parameters.Remove("host", out var host)
            ? host.Split(',')
            : [.. found.Select(server => Uri.UnescapeDataString(PostgresUrlParts.Host(server).Trim('[', ']')))];
        var ports = parameters.Remove("port", out var port) ? port.Split(',') : [.. found.Select(PostgresUrlParts.Port)];
        // One port serves all hosts, as in libpq.
        var all = hosts.Select((_, i) => ports[ports.Length == hosts.Length ? i : 0] is { Length: > 0 } given ? given : DefaultPort).ToArray();
        return ([.. hosts.Zip(all, (h, p) => h.Length > 0 ? h : LocalHost(p))], all);
    }

    /// <summary>libpq's default is the local unix socket, wherever its build puts it.</summary>
    private static string LocalHost(string port) =>
        new[] { "/var/run/postgresql", "/tmp" }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, $".s.PGSQL.{port}"))) ?? "localhost";

    private static Dictionary<string, string> Query(string query, DatabaseUrl url)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw Unknown(pair, url);
            result[Uri.UnescapeDataString(pair[..equals])] = Uri.UnescapeDataString(pair[(equals + 1)..]);
        }
        return result;
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string name, string value, DatabaseUrl url)
    {
        try
        {
            PostgresUrlParameter.All[name].Apply(builder, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new EclusierException(
                new Text($"The database URL's parameter {name} has no meaning with the value '{value}'.", $"Le paramètre {name} de l'URL n'a pas de sens avec la valeur « {value} »."),
                url.Redacted,
                new Text("See the list of connection parameters in PostgreSQL's manual (libpq).", "Consultez la liste des paramètres de connexion dans le manuel de PostgreSQL (libpq)."),
                ExitCode.Usage,
                e);
        }
    }

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    private static EclusierException NotAUrl(DatabaseUrl url) => new(
        new Text("This is not a PostgreSQL URL.", "Ceci n'est pas une URL PostgreSQL."),
        url.Redacted,
        new Text("Write it as postgresql://user:password@host:5432/database, with special characters of the password percent-encoded (@ is %40, / is %2F).",
            "Écrivez-la sous la forme postgresql://utilisateur:motdepasse@hôte:5432/base, les caractères spéciaux du mot de passe étant encodés (@ devient %40, / devient %2F)."),
        ExitCode.Usage);

    private static EclusierException Unknown(string parameter, DatabaseUrl url) => new(
        new Text($"The database URL has an unknown parameter: {Secrets.Redact(parameter)}.", $"L'URL de la base a un paramètre inconnu : {Secrets.Redact(parameter)}."),
        url.Redacted,
        new Text($"Remove it. Known are host, port, user, password, dbname, {string.Join(", ", PostgresUrlParameter.All.Keys)}.",
            $"Retirez-le. Sont connus host, port, user, password, dbname, {string.Join(", ", PostgresUrlParameter.All.Keys)}."),
        ExitCode.Usage);
}
