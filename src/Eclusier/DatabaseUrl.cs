namespace Eclusier;

/// <summary>
/// The address of a database. The secret part can be had only through <see cref="Reveal"/>, which is for
/// drivers and child processes; whatever is printed, logged or serialised shows <c>***</c> instead.
/// </summary>
public sealed class DatabaseUrl : IEquatable<DatabaseUrl>
{
    private readonly string _url;

    public DatabaseUrl(string url)
    {
        _url = url.Trim();
        Secrets.Remember(Password(_url));
    }

    /// <summary>The address without its password and without secret query parameters.</summary>
    public string Redacted => Secrets.Redact(_url);

    /// <summary>The address as it was given, password included. Never print it.</summary>
    public string Reveal() => _url;

    /// <summary>Which engine it is for. (An address of none of them is taken for PostgreSQL's: its driver explains best what is wrong.)</summary>
    public DatabaseSystem System => DatabaseSystems.Of(_url) ?? DatabaseSystem.PostgreSql;

    public override string ToString() => Redacted;

    public bool Equals(DatabaseUrl? other) => other is not null && string.Equals(_url, other._url, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as DatabaseUrl);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_url);

    private static string? Password(string url)
    {
        var server = url.IndexOf("://", StringComparison.Ordinal) + 3;
        if (server < 3)
            return null;
        var slash = url.IndexOf('/', server);
        var authority = slash < 0 ? url.AsSpan(server) : url.AsSpan(server, slash - server);
        // The last @ ends the password: one with an @ in it is written without encoding by many.
        var (colon, at) = (authority.IndexOf(':'), authority.LastIndexOf('@'));
        return colon >= 0 && colon < at ? Uri.UnescapeDataString(authority[(colon + 1)..at]) : null;
    }
}
