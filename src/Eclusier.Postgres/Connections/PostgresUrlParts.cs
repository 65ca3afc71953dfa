namespace Eclusier.Postgres.Connections;

/// <summary>A <c>postgresql://</c> URL cut into its parts, which are still percent-encoded; empty where it says nothing.</summary>
/// <param name="UpToServers">The URL's beginning, servers included.</param>
/// <param name="Servers"><c>host:port</c>, separated by commas.</param>
internal sealed record PostgresUrlParts(string UpToServers, string User, string Password, string Servers, string Database, string Query)
{
    /// <returns>Null when it is not such a URL.</returns>
    public static PostgresUrlParts? Split(string url)
    {
        var scheme = new[] { "postgres://", "postgresql://" }.FirstOrDefault(s => url.StartsWith(s, StringComparison.OrdinalIgnoreCase));
        if (scheme is null)
            return null;
        var (beforeQuery, query) = Cut(url[scheme.Length..], '?');
        var (authority, database) = Cut(beforeQuery, '/');
        // The password ends at the last @: one with an @ in it still belongs to the user and not to the host.
        var at = authority.LastIndexOf('@');
        var (user, password) = Cut(authority[..Math.Max(at, 0)], ':');
        var servers = authority[(at + 1)..];
        var wrong = user.Contains('@') || servers.Contains('#') || database.AsSpan().ContainsAny('/', '#', '@') || query.Contains('#') || servers.Split(',').Any(server => !IsServer(server));
        return wrong ? null : new PostgresUrlParts(url[..(scheme.Length + authority.Length)], user, password, servers, database, query);
    }

    public static string Host(string server) => server[..HostLength(server)];

    public static string Port(string server) => server[HostLength(server)..].TrimStart(':');

    /// <summary>Up to the colon; an IPv6 address in brackets has colons of its own.</summary>
    private static int HostLength(string server)
    {
        var colon = server.IndexOf(':', server.StartsWith('[') ? server.IndexOf(']') + 1 : 0);
        return colon < 0 ? server.Length : colon;
    }

    private static bool IsServer(string server) =>
        (!server.StartsWith('[') || server.Contains(']')) && Host(server).EndsWith(']') == server.StartsWith('[') && Port(server).All(char.IsAsciiDigit);

    private static (string Before, string After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
