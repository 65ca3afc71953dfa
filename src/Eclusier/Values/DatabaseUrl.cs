using System.Text.RegularExpressions;
using Eclusier.Redaction;

namespace Eclusier.Values;

/// <summary>
/// The address of a database. The secret part can be had only through <see cref="Reveal"/>, which is for
/// drivers and child processes; whatever is printed, logged or serialised shows <see cref="Redacted"/> instead.
/// </summary>
public sealed partial class DatabaseUrl : IEquatable<DatabaseUrl>
{
    private readonly string _url;

    /// <param name="isIsolated">It is a throwaway server of our own: no variable and no service of the user's says anything about it.</param>
    public DatabaseUrl(string url, bool isIsolated = false)
    {
        (_url, IsIsolated) = (url.Trim(), isIsolated);
        AddressSecrets.Remember(_url);
        if (WellFormed().Match(_url) is not { Success: true } parts)
        {
            Redacted = Secrets.Mask;
            return;
        }

        var (user, servers, database) = (parts.Groups["user"].Value, parts.Groups["servers"].Value, parts.Groups["database"].Value);
        Secrets.RememberName(Uri.UnescapeDataString(user));
        Secrets.RememberName(Uri.UnescapeDataString(database));
        foreach (var server in servers.Split(','))
            Secrets.RememberName(server.Split(':')[0]);
        Redacted = $"{parts.Groups["scheme"].Value}://{(user.Length > 0 ? $"{user}@" : "")}{servers}{(database.Length > 0 ? $"/{database}" : "")}";
    }

    public bool IsIsolated { get; }

    /// <summary>Scheme, user, servers and database; of an address that is not well formed nothing, as any part of it may be one of the password.</summary>
    public string Redacted { get; }

    /// <summary>The address as it was given, password included. Never print it.</summary>
    public string Reveal() => _url;

    /// <summary>Which engine it is for. (An address of none of them is taken for PostgreSQL's: its driver explains best what is wrong.)</summary>
    public DatabaseSystem System => DatabaseSystems.Of(_url) ?? DatabaseSystem.PostgreSql;

    public override string ToString() => Redacted;

    public bool Equals(DatabaseUrl? other) => other is not null && string.Equals(_url, other._url, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as DatabaseUrl);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_url);

    private const string Server = @"(\[[0-9a-z:.%]*\]|[a-z0-9._%-]*)(:(" + AddressSecrets.Port + ")?)?";

    /// <summary>A password without a / and without a ?, no @ behind the servers, and behind a server's colon a port: where the host was forgotten, the password stands there.</summary>
    [GeneratedRegex(
        @"^(?<scheme>[a-z][a-z0-9+]{1,20})://((?<user>[^:@/?#\s]*)(:[^/?#\s]*)?@)?(?<servers>" + Server + "(," + Server + @")*)(/(?<database>[^/?#@\s]*))?(\?[^#@\s]*)?$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex WellFormed();
}
