using System.Globalization;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>One of libpq's connection parameters: its name in a URL, its environment variable, and what Npgsql calls it.</summary>
/// <remarks>https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS</remarks>
internal sealed record PostgresUrlParameter(string Name, string? Variable, Action<NpgsqlConnectionStringBuilder, string> Apply)
{
    /// <summary>Those which stand for a part of the address, or say where to read one.</summary>
    private static readonly (string Name, string Variable)[] Address =
    [
        ("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"), ("port", "PGPORT"), ("dbname", "PGDATABASE"), ("user", "PGUSER"), ("password", "PGPASSWORD"), ("passfile", "PGPASSFILE"),
    ];

    /// <summary>All that a URL's query may hold, besides those which stand for a part of the address (<c>host</c>, <c>user</c>, …).</summary>
    public static IReadOnlyDictionary<string, PostgresUrlParameter> All { get; } = new PostgresUrlParameter[]
    {
        new("sslmode", "PGSSLMODE", (b, v) => b.SslMode = OneOf<SslMode>(v)),
        new("sslrootcert", "PGSSLROOTCERT", (b, v) => b.RootCertificate = v),
        new("sslcert", "PGSSLCERT", (b, v) => b.SslCertificate = v),
        new("sslkey", "PGSSLKEY", (b, v) => b.SslKey = v),
        new("sslpassword", null, (b, v) => b.SslPassword = v),
        new("sslnegotiation", "PGSSLNEGOTIATION", (b, v) => b.SslNegotiation = OneOf<SslNegotiation>(v)),
        new("channel_binding", "PGCHANNELBINDING", (b, v) => b.ChannelBinding = OneOf<ChannelBinding>(v)),
        new("gssencmode", "PGGSSENCMODE", (b, v) => b.GssEncryptionMode = OneOf<GssEncryptionMode>(v)),
        new("krbsrvname", "PGKRBSRVNAME", (b, v) => b.KerberosServiceName = v),
        new("require_auth", "PGREQUIREAUTH", (b, v) => b.RequireAuth = v),
        // libpq: zero, negative or absent means to wait for ever.
        new("connect_timeout", "PGCONNECT_TIMEOUT", (b, v) => b.Timeout = Math.Clamp(Number(v), 0, 1024)),
        new("application_name", "PGAPPNAME", (b, v) => b.ApplicationName = v),
        new("fallback_application_name", null, (_, _) => { }),
        new("options", "PGOPTIONS", (b, v) => b.Options = v),
        // Asked of each server once it is connected: see PostgresConnection.
        new("target_session_attrs", "PGTARGETSESSIONATTRS", (_, v) => OneOf(v, [.. SessionAttributes.Known])),
        new("load_balance_hosts", "PGLOADBALANCEHOSTS", (_, v) => OneOf(v, "disable", "random")),
        new("client_encoding", "PGCLIENTENCODING", (b, v) => b.ClientEncoding = v == "auto" ? "UTF8" : v),
        new("keepalives", null, (b, v) => (b.KeepAlive, b.TcpKeepAlive) = Number(v) == 0 ? (0, false) : (b.KeepAlive, b.TcpKeepAlive)),
        new("keepalives_idle", null, (b, v) => (b.KeepAlive, b.TcpKeepAliveTime) = Number(v) > 0 ? (Number(v), Number(v)) : (b.KeepAlive, b.TcpKeepAliveTime)),
        new("keepalives_interval", null, (b, v) => b.TcpKeepAliveInterval = Number(v) > 0 ? Number(v) : b.TcpKeepAliveInterval),
        // Npgsql leaves these to the system or does as they say by itself.
        new("keepalives_count", null, (_, v) => Number(v)),
        new("tcp_user_timeout", null, (_, v) => Number(v)),
        new("sslcompression", "PGSSLCOMPRESSION", (_, _) => { }),
        new("sslsni", "PGSSLSNI", (_, _) => { }),
        new("sslcertmode", "PGSSLCERTMODE", (_, _) => { }),
        new("gsslib", "PGGSSLIB", (_, _) => { }),
        new("gssdelegation", "PGGSSDELEGATION", (_, _) => { }),
        new("min_protocol_version", "PGMINPROTOCOLVERSION", (_, _) => { }),
        new("max_protocol_version", "PGMAXPROTOCOLVERSION", (_, _) => { }),
        new("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", (_, _) => { }),
        // Less than this .NET does not speak.
        new("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", (_, v) => OneOf(v, "TLSv1", "TLSv1.1", "TLSv1.2")),
        // What dbmate and other tools of Go's pq, Prisma, and JDBC call the search path.
        new("search_path", null, (b, v) => b.SearchPath = v),
        new("schema", null, (b, v) => b.SearchPath = Sql.Identifier.Quote(v)),
        new("currentSchema", null, (b, v) => b.SearchPath = v),
        // Prisma's own, of pools that we do not have.
        new("pgbouncer", null, (_, _) => { }),
        new("connection_limit", null, (_, _) => { }),
        new("pool_timeout", null, (_, _) => { }),
        new("socket_timeout", null, (_, _) => { }),
        new("statement_cache_size", null, (_, _) => { }),
    }.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary>Every parameter that has an environment variable, with it.</summary>
    public static IReadOnlyList<(string Name, string Variable)> Variables { get; } =
        [.. Address, .. All.Values.Where(parameter => parameter.Variable is not null).Select(parameter => (parameter.Name, parameter.Variable!))];

    public static IReadOnlyList<string> Names { get; } = [.. Address.Select(part => part.Name), "service", .. All.Keys];

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary><c>verify-full</c> is <c>VerifyFull</c>.</summary>
    private static T OneOf<T>(string value) where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var result) && !int.TryParse(value, out _)
            ? result
            : throw new FormatException();

    private static void OneOf(string value, params string[] words)
    {
        if (!words.Contains(value))
            throw new FormatException();
    }

    private static int Number(string value) => int.Parse(value, NumberStyles.AllowLeadingSign);
}
