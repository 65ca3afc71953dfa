using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Eclusier;

/// <summary>
/// Keeps secrets out of everything that a user or a file can see. Passwords are remembered where they enter
/// (<see cref="DatabaseUrl"/>, the runbook's variables), and removed from any text that leaves.
/// </summary>
public static partial class Secrets
{
    /// <summary>Shorter secrets would redact ordinary words; a URL's password is redacted by its place all the same.</summary>
    private const int ShortestRemembered = 4;

    private static readonly ConcurrentDictionary<string, byte> Remembered = new(StringComparer.Ordinal);

    public static void Remember(string? secret)
    {
        if (secret is { Length: >= ShortestRemembered })
        {
            Remembered.TryAdd(secret, 0);
            Remembered.TryAdd(Uri.EscapeDataString(secret), 0);
        }
    }

    /// <summary>The text with URL passwords, <c>password=</c> settings and all remembered secrets replaced by <c>***</c>.</summary>
    public static string Redact(string text)
    {
        // Asked of every line of output: what can hold neither is not searched, and the patterns are not even loaded.
        var result = text.Contains("://", StringComparison.Ordinal) ? UrlPassword().Replace(text, "${before}***@") : text;
        if (result.Contains('='))
            result = Setting().Replace(result, "${name}=***");
        foreach (var secret in Remembered.Keys.OrderByDescending(s => s.Length))
            result = result.Replace(secret, "***", StringComparison.Ordinal);
        return result;
    }

    [GeneratedRegex(@"(?<before>\b[a-z][a-z0-9+.-]*://[^\s/:@'""]*:)[^\s/'""]*@", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"\b(?<name>password|pwd|passfile|sslpassword|sslkey)\s*=\s*('[^'""\\]*'|[^\s;&'""\\]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
