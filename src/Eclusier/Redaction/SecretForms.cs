using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Eclusier.Redaction;

/// <summary>A secret as others write it: in URLs, forms, JSON, HTML, Markdown, SQL, shells, headers.</summary>
internal static class SecretForms
{
    public static IEnumerable<string> Of(string secret, string? user)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var percent = Uri.EscapeDataString(secret);
        var everyByte = string.Concat(bytes.Select(part => $"%{part:X2}"));
        string[] forms =
        [
            secret,
            .. BothCases(percent),
            .. BothCases(WebUtility.UrlEncode(secret)),
            .. BothCases(everyByte),
            JavaScriptEncoder.Default.Encode(secret),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            // PostgreSQL's and Python's way: what is not ASCII as \u and four lower-case digits.
            Escaped(secret, character => character is '"' or '\\' ? $"\\{character}" : character < 128 ? null : $"\\u{(int)character:x4}"),
            HtmlEncoder.Default.Encode(secret),
            WebUtility.HtmlEncode(secret),
            Escaped(secret, character => character switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", '\'' => "&apos;", _ => null }),
            Escaped(secret, character => character switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => null }),
            Escaped(secret, character => character < 128 ? null : string.Create(CultureInfo.InvariantCulture, $"&#{(int)character};")),
            Escaped(secret, character => @"\`*_{}[]<>#|~&!$()+-.".Contains(character) ? $"\\{character}" : null),
            Escaped(secret, character => @"\`*_{}[]<>#|~&!$".Contains(character) ? $"\\{character}" : null),
            secret.Replace("'", "''", StringComparison.Ordinal),
            secret.Replace("'", "''", StringComparison.Ordinal).Replace(@"\", @"\\", StringComparison.Ordinal),
            secret.Replace("\"", "\"\"", StringComparison.Ordinal),
            secret.Replace(@"\", @"\\", StringComparison.Ordinal),
            secret.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal),
            secret.Replace("'", @"'\''", StringComparison.Ordinal),
            .. Base64(bytes),
            .. user is null ? [] : Base64(Encoding.UTF8.GetBytes($"{user}:{secret}")),
            .. BothCases(Convert.ToHexString(bytes)),
        ];
        return forms.Where(form => form.Length >= secret.Length);
    }

    private static string[] BothCases(string encoded) => [encoded, Lower(encoded)];

    /// <summary>Hexadecimal digits of percent-encoding in lower case, and nothing else.</summary>
    private static string Lower(string encoded)
    {
        if (!encoded.Contains('%', StringComparison.Ordinal))
            return encoded.All(char.IsAsciiHexDigit) ? encoded.ToLowerInvariant() : encoded;
        var lower = encoded.ToCharArray();
        for (var index = 0; index < lower.Length - 2; index++)
        {
            if (lower[index] == '%')
                (lower[index + 1], lower[index + 2]) = (char.ToLowerInvariant(lower[index + 1]), char.ToLowerInvariant(lower[index + 2]));
        }

        return new string(lower);
    }

    private static string[] Base64(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        return [text, text.Replace('+', '-').Replace('/', '_').TrimEnd('=')];
    }

    private static string Escaped(string secret, Func<char, string?> escape)
    {
        var escaped = new StringBuilder(secret.Length);
        foreach (var character in secret)
            _ = escape(character) is { } other ? escaped.Append(other) : escaped.Append(character);
        return escaped.ToString();
    }
}
