using Npgsql;

namespace Eclusier.Postgres;

/// <summary>libpq's connection URIs (PostgreSQL manual, 34.1.1.2) for Npgsql and for child programs.</summary>
public static class PostgresUrl
{
    /// <summary>Npgsql's settings for a connection of our own: no pool, keep-alives.</summary>
    /// <exception cref="EclusierException">The URL cannot be read, or has a parameter that we do not know.</exception>
    public static string ConnectionString(DatabaseUrl url, string applicationName)
    {
        var settings = Parse(url);
        settings.ApplicationName = applicationName.Length > 63 ? applicationName[..63] : applicationName;
        settings.Pooling = false;
        settings.KeepAlive = 30;
        settings.GssEncryptionMode = GssEncryptionMode.Disable; // Asking for it costs a connection of its own.
        settings.IncludeErrorDetail = true;
        settings.IncludeFailedBatchedCommand = true; // Tells which statement of a batch was refused.
        return settings.ConnectionString;
    }

    /// <summary>host:port/database, for people.</summary>
    public static string Describe(DatabaseUrl url)
    {
        var settings = Parse(url);
        return $"{settings.Host}:{settings.Port}/{settings.Database}";
    }

    /// <summary>The variables by which libpq's programs learn the address, so that no password stands on a command line.</summary>
    public static IReadOnlyDictionary<string, string> ChildEnvironment(DatabaseUrl url)
    {
        var settings = Parse(url);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = settings.Host!,
            ["PGPORT"] = settings.Port.ToString(),
            ["PGDATABASE"] = settings.Database!,
            ["PGCONNECT_TIMEOUT"] = "15",
            ["PGAPPNAME"] = "eclusier",
        };
        if (settings.Username is { } user)
            environment["PGUSER"] = user;
        if (settings.Password is { } password)
            environment["PGPASSWORD"] = password;
        if (Query(new Uri(url.Reveal())).TryGetValue("sslmode", out var mode))
            environment["PGSSLMODE"] = mode;
        if (settings.RootCertificate is { } root)
            environment["PGSSLROOTCERT"] = root;
        return environment;
    }

    private static NpgsqlConnectionStringBuilder Parse(DatabaseUrl url)
    {
        if (!Uri.TryCreate(url.Reveal(), UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw Invalid(url, new Text("This is not a PostgreSQL URL.", "Ce n'est pas une URL PostgreSQL."));

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : "/var/run/postgresql",
            Port = uri.Port > 0 ? uri.Port : 5432,
            Timeout = 15,
            CommandTimeout = 0, // The server's statement_timeout is the limit.
        };
        var name = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.UserName;
        settings.Username = name;
        if (user.Length == 2)
            settings.Password = Uri.UnescapeDataString(user[1]);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        settings.Database = database.Length > 0 ? database : name; // As libpq does.
        foreach (var (key, value) in Query(uri))
            Apply(settings, url, key, value);
        return settings;
    }

    private static void Apply(NpgsqlConnectionStringBuilder settings, DatabaseUrl url, string key, string value)
    {
        switch (key)
        {
            case "host": settings.Host = value; break;
            case "port": settings.Port = int.Parse(value); break;
            case "user": settings.Username = value; break;
            case "password": Secrets.Remember(value); settings.Password = value; break;
            case "dbname": settings.Database = value; break;
            case "connect_timeout": settings.Timeout = int.Parse(value); break;
            case "options": settings.Options = value; break;
            case "sslrootcert": settings.RootCertificate = value; break;
            case "sslcert": settings.SslCertificate = value; break;
            case "sslkey": settings.SslKey = value; break;
            case "target_session_attrs" or "application_name" or "channel_binding" or "keepalives" or "pgbouncer" or "schema" or "gssencmode": break;
            case "sslmode":
                settings.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw Invalid(url, new Text($"sslmode={value} is not one of libpq's.", $"sslmode={value} n'est pas une valeur de libpq.")),
                };
                break;
            default: throw Invalid(url, new Text($"The URL's parameter \"{key}\" is not known.", $"Le paramètre « {key} » de l'URL n'est pas connu."));
        }
    }

    private static Dictionary<string, string> Query(Uri uri) => uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .GroupBy(pair => pair[0], StringComparer.Ordinal)
        .ToDictionary(pairs => pairs.Key, pairs => Uri.UnescapeDataString(pairs.Last().ElementAtOrDefault(1) ?? ""), StringComparer.Ordinal);

    private static EclusierException Invalid(DatabaseUrl url, Text problem) => new(
        problem,
        url.Redacted,
        new Text("It looks like postgresql://user:password@host:5432/database?sslmode=require", "Elle ressemble à postgresql://utilisateur:motdepasse@hôte:5432/base?sslmode=require"),
        ExitCode.Usage);
}
