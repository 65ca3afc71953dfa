using System.Globalization;
using Npgsql;

namespace Eclusier.Postgres;

/// <summary>One of libpq's connection parameters: its name in a URL, its environment variable, and what Npgsql calls it.</summary>
/// <param name="Inherited">Npgsql reads the environment variable by itself, so a child process may keep it, too.</param>
/// <remarks>https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS</remarks>
internal sealed record PostgresUrlParameter(string Name, string? Variable, Action<NpgsqlConnectionStringBuilder, string> Apply, bool Inherited = false)
{
    /// <summary>All that a URL's query may hold, besides those which stand for a part of the URL (<c>host</c>, <c>user</c>, …).</summary>
    public static IReadOnlyDictionary<string, PostgresUrlParameter> All { get; } = new PostgresUrlParameter[]
    {
        new("sslmode", "PGSSLMODE", (b, v) => b.SslMode = OneOf<SslMode>(v)),
        new("sslrootcert", "PGSSLROOTCERT", (b, v) => b.RootCertificate = v, Inherited: true),
        new("sslcert", "PGSSLCERT", (b, v) => b.SslCertificate = v, Inherited: true),
        new("sslkey", "PGSSLKEY", (b, v) => b.SslKey = v, Inherited: true),
        new("sslnegotiation", "PGSSLNEGOTIATION", (b, v) => b.SslNegotiation = OneOf<SslNegotiation>(v)),
        new("channel_binding", "PGCHANNELBINDING", (b, v) => b.ChannelBinding = OneOf<ChannelBinding>(v)),
        new("gssencmode", "PGGSSENCMODE", (b, v) => b.GssEncryptionMode = OneOf<GssEncryptionMode>(v)),
        new("krbsrvname", "PGKRBSRVNAME", (b, v) => b.KerberosServiceName = v),
        new("require_auth", "PGREQUIREAUTH", (b, v) => b.RequireAuth = v),
        new("passfile", "PGPASSFILE", (b, v) => b.Passfile = v, Inherited: true),
        // libpq: zero, negative or absent means to wait for ever.
        new("connect_timeout", "PGCONNECT_TIMEOUT", (b, v) => b.Timeout = Math.Clamp(Number(v), 0, 1024)),
        new("application_name", "PGAPPNAME", (b, v) => b.ApplicationName = v),
        new("fallback_application_name", null, (_, _) => { }),
        new("options", "PGOPTIONS", (b, v) => b.Options = v),
        new("target_session_attrs", "PGTARGETSESSIONATTRS", (b, v) => b.TargetSessionAttributes = v),
        new("client_encoding", "PGCLIENTENCODING", (b, v) => b.ClientEncoding = v),
        new("keepalives", null, (b, v) => (b.KeepAlive, b.TcpKeepAlive) = Number(v) == 0 ? (0, false) : (b.KeepAlive, b.TcpKeepAlive)),
        new("keepalives_idle", null, (b, v) => (b.KeepAlive, b.TcpKeepAliveTime) = Number(v) > 0 ? (Number(v), Number(v)) : (b.KeepAlive, b.TcpKeepAliveTime)),
        new("keepalives_interval", null, (b, v) => b.TcpKeepAliveInterval = Number(v) > 0 ? Number(v) : b.TcpKeepAliveInterval),
        // Npgsql leaves these two to the system.
        new("keepalives_count", null, (_, v) => Number(v)),
        new("tcp_user_timeout", null, (_, v) => Number(v)),
    }.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary><c>verify-full</c> is <c>VerifyFull</c>.</summary>
    private static T OneOf<T>(string value) where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var result) && !int.TryParse(value, out _)
            ? result
            : throw new FormatException();

    private static int Number(string value) => int.Parse(value, NumberStyles.AllowLeadingSign);
}
