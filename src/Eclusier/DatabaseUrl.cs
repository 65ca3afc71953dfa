using System.Text.RegularExpressions;

namespace Eclusier;

/// <summary>
/// The address of a database. The secret part can be had only through <see cref="Reveal"/>, which is for
/// drivers and child processes; whatever is printed, logged or serialised shows <c>***</c> instead.
/// </summary>
public sealed partial class DatabaseUrl : IEquatable<DatabaseUrl>
{
    private readonly string _url;

    public DatabaseUrl(string url)
    {
        _url = url.Trim();
        Redacted = Secrets.Redact(_url);
        Secrets.Remember(Password(_url));
    }

    /// <summary>The address without its password and without secret query parameters.</summary>
    public string Redacted { get; }

    /// <summary>The address as it was given, password included. Never print it.</summary>
    public string Reveal() => _url;

    public override string ToString() => Redacted;

    public bool Equals(DatabaseUrl? other) => other is not null && string.Equals(_url, other._url, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as DatabaseUrl);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_url);

    private static string? Password(string url)
    {
        var match = UserInfo().Match(url);
        return match.Success ? Uri.UnescapeDataString(match.Groups["password"].Value) : null;
    }

    [GeneratedRegex("^[a-z+]+://[^/:@]*:(?<password>[^/]*)@", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserInfo();
}
