using System.Text.RegularExpressions;

namespace Eclusier;

/// <summary>
/// What may be a password in an address, however wrongly it is written: a scheme misspelt or missing, a character not encoded, a setting that does not
/// exist. Such an address is refused, and no part of it is shown.
/// </summary>
internal static partial class AddressSecrets
{
    public static void Remember(string address)
    {
        foreach (Match setting in Setting().Matches(address))
            Remember(setting.Groups["value"].Value.Trim('\'').Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal), user: null);

        var rest = address[Scheme().Match(address).Length..];
        var at = rest.LastIndexOf('@');
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && colon < at)
            Remember(rest[(colon + 1)..at], Unescaped(rest[..colon]));
    }

    private static void Remember(string written, string? user)
    {
        Secrets.Remember(written, user);
        Secrets.Remember(Unescaped(written), user);
        // A driver that cut it where it should have been encoded tells of a piece.
        foreach (var piece in written.Split('/', '@', '?', '#', ' '))
            Secrets.Remember(piece);
    }

    /// <summary>What is no valid encoding stays as it is.</summary>
    private static string Unescaped(string written) => Uri.UnescapeDataString(written);

    [GeneratedRegex(@"(?<=pass?word|passwd|pass|pwd|secret|token|sslkey)\s{0,9}=\s{0,9}(?<value>'([^'\\]|\\.){0,1024}'|[^\s&;]{1,1024})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\s*['""]?\s*([a-z][a-z0-9+.-]*:?/+|(postgres(ql)?|mongodb(\+srv)?):/*)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Scheme();
}
