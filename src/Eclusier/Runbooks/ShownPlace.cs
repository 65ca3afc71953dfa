using System.Text.RegularExpressions;
using Eclusier.Redaction;

namespace Eclusier.Runbooks;

/// <summary>
/// A place of rclone as people may see it. Its settings (rclone's manual, Connection strings) may be the keys of what it leads to: those that look like it
/// show no value, and neither do passwords in the URLs among them.
/// </summary>
internal static partial class ShownPlace
{
    /// <param name="place">One that was understood.</param>
    public static string Of(string place) => SecretPlaces.HideInUrls(Setting().Replace(place, $"${{name}}={Secrets.Mask}"));

    /// <summary>Nobody knows where a setting ends in a place that was not understood.</summary>
    public static string OfUnclear(string place) => Setting().Match(place) is { Success: true } first
        ? SecretPlaces.HideInUrls($"{place[..first.Index]}{first.Groups["name"].Value}={Secrets.Mask}")
        : SecretPlaces.HideInUrls(place);

    /// <summary>rclone's own messages repeat them.</summary>
    public static void RememberSecrets(string place)
    {
        foreach (var value in Setting().Matches(place).Select(match => match.Groups["value"].Value).Where(value => value is not ("true" or "false")))
            Secrets.Remember(Unquoted(value));
    }

    /// <summary>The value of a setting, which may stand in quotes.</summary>
    internal static string Unquoted(string value) => value.Length > 1 && value[0] is '"' or '\''
        ? value[1..^1].Replace($"{value[0]}{value[0]}", value[..1], StringComparison.Ordinal)
        : value;

    [GeneratedRegex(
        """
        (?<=,)(?<name>(?!env_auth=|known_hosts|[a-z0-9_]*_file=)
        [a-z0-9_]*(pass|pwd|secret|token|key|sas|auth|cred|header|cookie|grant|phrase|2fa|conn|pem)[a-z0-9_]*)=
        (?<value>"([^"]|"")*"|'([^']|'')*'|[^,:]*)
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace, 60_000)]
    private static partial Regex Setting();
}
