using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Eclusier.Redaction;

/// <summary>
/// Finds secrets by where they stand, whatever they are: in URLs, in settings (<c>password=…</c>), behind SQL's <c>PASSWORD</c> and in
/// HTTP's <c>Authorization</c>. Every pattern takes what it has looked at, closed or not, so that a text costs its length and not the square of it.
/// </summary>
internal static partial class SecretPlaces
{
    /// <summary>Every line of output may come here: what holds none of these is not searched, and the patterns are not even loaded.</summary>
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [":/", "pass", "pasw", "pwd", "secret", "token", "key", "bearer", "basic"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> EndsUrl = SearchValues.Create(" \t\r\n\f\v'\"<>");

    public static string Hide(string text)
    {
        if (!text.AsSpan().ContainsAny(Signs))
            return text;
        var hidden = Setting().Replace(HideInUrls(text), $"${{before}}{Secrets.Mask}");
        hidden = SqlPassword().Replace(hidden, $"${{before}}'{Secrets.Mask}'");
        hidden = FormattedPassword().Replace(hidden, $"${{before}}, '{Secrets.Mask}'");
        return Header().Replace(hidden, $"${{before}}{Secrets.Mask}");
    }

    /// <summary>
    /// The password of every URL, up to the last @ of the word, because many write a / or an @ of a password as it is; and a token in the place of an HTTP user.
    /// </summary>
    public static string HideInUrls(string text)
    {
        StringBuilder? hidden = null;
        var (copied, end, lastAt) = (0, 0, -1);
        for (var at = text.IndexOf(":/", StringComparison.Ordinal); at >= 0; at = text.IndexOf(":/", at + 1, StringComparison.Ordinal))
        {
            var start = at + (at + 2 < text.Length && text[at + 2] == '/' ? 3 : 2);
            if (start > end)
            {
                var length = text.AsSpan(start).IndexOfAny(EndsUrl);
                end = length < 0 ? text.Length : start + length;
                lastAt = text.LastIndexOf('@', end - 1, end - start);
            }

            if (at < copied || lastAt < start || SecretIn(text, start, lastAt, SchemeBefore(text, at)) is not { } secret)
                continue;
            (hidden ??= new StringBuilder(text.Length)).Append(text, copied, secret - copied).Append(Secrets.Mask);
            copied = lastAt;
        }

        return hidden is null ? text : hidden.Append(text, copied, text.Length - copied).ToString();
    }

    /// <returns>Where the secret begins that ends at the last @; null when there is none. A port before a path is none, nor is what our own examples say.</returns>
    private static int? SecretIn(string text, int start, int lastAt, ReadOnlySpan<char> scheme)
    {
        if (scheme.IsEmpty)
            return null;
        var found = text.AsSpan(start).IndexOfAny(":/@");
        var sign = start + found;
        if (text[sign] == '@')
            return scheme.StartsWith("http", StringComparison.OrdinalIgnoreCase) && sign == lastAt && sign > start ? start : null;
        if (text[sign] != ':' || text.AsSpan(sign + 1, lastAt - sign - 1) is "password" or "motdepasse")
            return null;
        var digits = text.AsSpan(sign + 1).IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= 5 && text[sign + 1 + digits] is '/' or '?' ? null : sign + 1;
    }

    private static ReadOnlySpan<char> SchemeBefore(string text, int colon)
    {
        const int Longest = 30;
        var start = colon;
        while (start > 0 && colon - start < Longest && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '.' or '-'))
            start--;
        return text.AsSpan(start, colon - start);
    }

    /// <summary>Of connection strings, URL queries, variables, options of foreign servers and JSON.</summary>
    [GeneratedRegex(
        """
        (?<before>(pass?word|passwd|passphrase|pass|pwd|secret|token|api_?key|access_?key|private_?key|sslkey)["']?\s{0,9}(=>|:=|=|(?<=["']\s{0,9}):)\s{0,9})
        (?!\s|%s|\$\d|\*\*\*)(e?'(?>([^'\\]|''|\\.){0,4096})'?|"(?>([^"\\]|\\.){0,4096})"?|[^\s;&,'"\\)\]}>]{1,4096})
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline, 60_000)]
    private static partial Regex Setting();

    [GeneratedRegex(
        """
        (?<before>\bpassword"?\s{1,200})((e|u&)?'(?>([^'\\]|''|\\.){0,4096})'?|(?<quote>\$\w{0,60}\$)(?>((?!\k<quote>).){0,4096})(\k<quote>)?)
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline, 60_000)]
    private static partial Regex SqlPassword();

    /// <summary><c>format('create role %I password %L', 'ann', '…')</c>: which of what follows it is, its number would say; none of it is shown.</summary>
    [GeneratedRegex(
        @"(?<before>\bpassword\s{1,9}%[0-9$]{0,5}[Ls](?>[^']{0,400})'{1,2})(\s{0,9},\s{0,9}(e?'{1,2}(?>[^']{0,4096})'{1,2}|[\w.$]{1,64}))+",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FormattedPassword();

    [GeneratedRegex(@"(?<before>\b(bearer|basic)\s{1,9})[a-z0-9+/=._~-]{6,4096}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Header();
}
