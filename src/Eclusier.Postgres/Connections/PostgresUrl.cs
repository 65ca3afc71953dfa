using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>
/// A <c>postgresql://</c> URL as libpq understands it, with its services, variables and password file, for Npgsql and for child programs.
/// See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS.
/// </summary>
public sealed class PostgresUrl
{
    /// <summary>Seconds. libpq would wait for ever for a server that drops packets.</summary>
    private const int ConnectTimeout = 15;

    /// <summary>For libpq's programs, beside <see cref="ChildEnvironment()"/>, where these have no variables: a peer that vanished is noticed within two minutes.</summary>
    internal const string KeepAlive = "keepalives=1 keepalives_idle=30 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000";

    private readonly Dictionary<string, string> _parameters;
    private readonly Lazy<IReadOnlyList<string?>> _passwords;
    private readonly string? _password;

    private PostgresUrl(IReadOnlyList<DatabaseServer> servers, string user, string database, string? password, string passwordFile, Dictionary<string, string> parameters)
    {
        (Servers, User, Database, PasswordFile, _password, _parameters) = (servers, user, database, passwordFile, password, parameters);
        _passwords = new(FindPasswords);
        Secrets.Remember(password, user);
        Secrets.Remember(parameters.GetValueOrDefault("sslpassword"));
        Secrets.RememberName(user);
        Secrets.RememberName(database);
    }

    /// <summary>In the order in which they are tried.</summary>
    internal IReadOnlyList<DatabaseServer> Servers { get; }

    public string User { get; }

    public string Database { get; }

    /// <summary>Where a password is looked for that the address does not hold.</summary>
    internal string PasswordFile { get; }

    /// <summary>Names, addresses, or folders of unix sockets; libpq tries them in order.</summary>
    public IReadOnlyList<string> Hosts => [.. Servers.Select(server => server.Host)];

    /// <summary>As many as there are hosts.</summary>
    public IReadOnlyList<string> Ports => [.. Servers.Select(server => server.Port)];

    /// <summary>Each of its servers is reached by a unix socket or over loopback. What a tunnel leads to seems to be here, too.</summary>
    public bool IsOnThisMachine => Servers.All(server => server.IsHere);

    /// <summary>A parameter as the address, its service or the environment has it; null when none does.</summary>
    public string? Parameter(string name) => _parameters.GetValueOrDefault(name);

    /// <exception cref="InvalidInputException">Not a PostgreSQL URL, an unknown parameter, or no such service.</exception>
    public static PostgresUrl Parse(DatabaseUrl url) => Parse(url, LibpqEnvironment.Process);

    /// <inheritdoc cref="Parse(DatabaseUrl)"/>
    public static PostgresUrl Parse(DatabaseUrl url, LibpqEnvironment environment)
    {
        var settings = PostgresSettings.Resolve(url, environment);
        Secrets.Remember(environment.Variable("PGPASSWORD"));
        string? Take(string name) => settings.Remove(name, out var value) ? value : null;
        Take("service");
        var servers = DatabaseServer.Of(Take("host"), Take("hostaddr"), Take("port"), url);
        var user = Take("user") ?? Environment.UserName;
        return new PostgresUrl(servers, user, Take("dbname") ?? user, Take("password"), Take("passfile") ?? Path.Combine(environment.Home, ".pgpass"), settings);
    }

    /// <summary>For Npgsql: one connection, no pool, failing within 15 seconds when the server does not answer.</summary>
    /// <param name="applicationName">What the server's list of connections shows, unless the URL or PGAPPNAME says otherwise.</param>
    /// <exception cref="InvalidInputException">Not a PostgreSQL URL, or a parameter is unknown or wrong.</exception>
    public static string ConnectionString(DatabaseUrl url, string applicationName) => Parse(url).ConnectionString(0, url, applicationName);

    /// <param name="server">The number of one of <see cref="Servers"/>.</param>
    public string ConnectionString(int server, DatabaseUrl url, string applicationName)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = Servers[server].Address ?? Servers[server].Host,
            Port = int.Parse(Servers[server].Port),
            Username = User,
            Password = _passwords.Value[server],
            // What libpq would not read (others can read it, too), Npgsql must not find by itself.
            Passfile = _passwords.Value[server] is null ? "/dev/null" : null,
            Database = Database,
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
        foreach (var (name, value) in _parameters)
            Apply(builder, name, value, url);
        if (Servers[server].IsLocalSocket)
        {
            // As libpq, which looks at neither there; a unix socket refuses the options of TCP (EOPNOTSUPP).
            (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (false, 0, 0);
            builder.SslMode = SslMode.Disable;
        }

        return builder.ConnectionString;
    }

    /// <summary>Host, port and database; no secrets.</summary>
    public static string Describe(DatabaseUrl url)
    {
        var parsed = Parse(url);
        return $"{string.Join(',', parsed.Servers)}/{parsed.Database}";
    }

    /// <summary>
    /// For <c>pg_dump</c> and the like: the whole address as environment variables, because everybody can read a command line.
    /// Variables of the caller that say something else are removed (null).
    /// </summary>
    public static IReadOnlyDictionary<string, string?> ChildEnvironment(DatabaseUrl url) => Parse(url).ChildEnvironment();

    /// <summary>See the other one.</summary>
    public IReadOnlyDictionary<string, string?> ChildEnvironment()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["PGSERVICE"] = null };
        foreach (var (name, variable) in PostgresUrlParameter.Variables)
            environment[variable] = _parameters.GetValueOrDefault(name);
        environment["PGHOST"] = string.Join(',', Hosts);
        environment["PGHOSTADDR"] = Servers.Any(server => server.Address is not null) ? string.Join(',', Servers.Select(server => server.Address)) : null;
        environment["PGPORT"] = string.Join(',', Ports);
        environment["PGUSER"] = User;
        environment["PGDATABASE"] = Database;
        environment["PGPASSFILE"] = PasswordFile;
        // One that only the password file knows may differ from host to host: the program reads it there.
        environment["PGPASSWORD"] = _password;
        environment["PGCONNECT_TIMEOUT"] ??= $"{ConnectTimeout}";
        return environment;
    }

    /// <summary>The same server, another database.</summary>
    public static DatabaseUrl WithDatabase(DatabaseUrl url, string database) => new(PostgresSettings.WithDatabase(url, database), url.IsIsolated);

    private IReadOnlyList<string?> FindPasswords()
    {
        string?[] found = [.. Servers.Select(server => _password ?? Connections.PasswordFile.Find(PasswordFile, server.NameInPasswordFile, server.Port, Database, User))];
        foreach (var secret in found)
            Secrets.Remember(secret, User);
        return found;
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string name, string value, DatabaseUrl url)
    {
        try
        {
            PostgresUrlParameter.All[name].Apply(builder, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            var shown = name.Contains("pass", StringComparison.Ordinal) ? "***" : Secrets.Redact(value);
            throw new InvalidInputException(
                new Text($"The database URL's parameter {name} has no meaning with the value '{shown}'.", $"Le paramètre {name} de l'URL n'a pas de sens avec la valeur « {shown} »."),
                url.Redacted,
                new Text("See the list of connection parameters in PostgreSQL's manual (libpq).", "Consultez la liste des paramètres de connexion dans le manuel de PostgreSQL (libpq)."),
                e);
        }
    }
}
