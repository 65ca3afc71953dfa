using System.Text.RegularExpressions;

namespace Eclusier.Redaction;

/// <summary>
/// What may be a password in an address, however wrongly it is written: a scheme misspelt or missing, a character not encoded, a setting that does not
/// exist. Such an address is refused, and no part of it is shown.
/// </summary>
internal static partial class AddressSecrets
{
    /// <summary>From 1 to 65535.</summary>
    public const string Port = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";

    public static void Remember(string address)
    {
        foreach (Match setting in Setting().Matches(address))
            Remember(setting.Groups["value"].Value.Trim('\'').Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal), user: null);

        var scheme = Scheme().Match(address).Length;
        var rest = address[scheme..];
        var at = rest.LastIndexOf('@');
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && colon < at)
            Remember(rest[(colon + 1)..at], Unescaped(rest[..colon]));
        if (at < 0 && scheme > 0)
        {
            // Without a host the password stands where its port would.
            foreach (Match server in WithoutHost().Matches(rest))
                Remember(server.Groups["behind"].Value, Unescaped(server.Groups["before"].Value));
        }
    }

    private static void Remember(string written, string? user)
    {
        Secrets.Remember(written, user);
        Secrets.Remember(Unescaped(written), user);
        // A driver that cut it where it should have been encoded tells of a piece.
        foreach (var piece in written.Split('/', '@', '?', '#', ' '))
            Secrets.Remember(piece);
    }

    [GeneratedRegex("(?<=^|,)(?<before>[^:,/?\\[]*):(?!(" + Port + ")?([,/?]|$))(?<behind>[^,/?]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex WithoutHost();

    /// <summary>What is no valid encoding stays as it is.</summary>
    private static string Unescaped(string written) => Uri.UnescapeDataString(written);

    [GeneratedRegex(@"(?<=pass?word|passwd|pass|pwd|secret|token|sslkey)\s{0,9}=\s{0,9}(?<value>'([^'\\]|\\.){0,1024}'|[^\s&;]{1,1024})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\s*['""]?\s*([a-z][a-z0-9+.-]*:?/+|(postgres(ql)?|mongodb(\+srv)?):/*)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Scheme();
}
