using System.Buffers;
using System.Collections.Frozen;

namespace Eclusier.Redaction;

/// <summary>
/// Keeps secrets out of everything that a user or a file can see. Passwords are remembered where they enter (<see cref="DatabaseUrl"/>,
/// the runbook's variables, literals of SQL) and replaced in values before those are shown or written: never in finished text, and never in
/// what identifies. Two kinds of values there are: what comes from elsewhere (a server's message, another program's output, rows, SQL) goes through
/// <see cref="Redact"/> where it enters; our own sentences (<see cref="Text"/>) keep their words, and lose only what can be nothing but a secret.
/// </summary>
public static class Secrets
{
    /// <summary>What stands in a secret's place.</summary>
    internal const string Mask = "***";

    /// <summary>Shorter ones are found by their place alone: everywhere else they would be pieces of ordinary words.</summary>
    private const int ShortestSought = 4;

    /// <summary>Secrets of more letters and digits than this, with both among them, are no words and no names.</summary>
    private const int ShortestUnmistakable = 8;

    private static readonly Lock Changing = new();
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<(string Secret, string? User)> Remembered = [];
    private static volatile Sought? _sought;

    /// <param name="secret">As it is, not encoded.</param>
    /// <param name="user">Whose it is: HTTP sends both together, in base64.</param>
    public static void Remember(string? secret, string? user = null)
    {
        if (secret is not { Length: >= ShortestSought })
            return;
        lock (Changing)
        {
            if (Remembered.Add((secret, user)))
                _sought = null;
        }
    }

    /// <summary>
    /// What identifies: a database, its user, its host. Many a password is one of these (<c>postgres:postgres@…/postgres</c>), and whoever
    /// replaced the word wherever it stands would break names, and tell by the very gap what the password is.
    /// </summary>
    public static void RememberName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        lock (Changing)
        {
            if (Names.Add(name))
                _sought = null;
        }
    }

    /// <summary>
    /// Text that was not written by us, with <c>***</c> for what stands in a secret's place (URLs, <c>password=</c>, <c>PASSWORD '…'</c>) and for all
    /// remembered secrets, in any encoding; those that are words only where they are whole words. Takes time in proportion to the text.
    /// </summary>
    public static string Redact(string text)
    {
        var sought = Current();
        return sought.Words.Hide(sought.Unmistakable.Hide(SecretPlaces.Hide(text)));
    }

    /// <summary>A sentence of ours, which may have something of the user's in it: only what can be nothing but a secret is replaced.</summary>
    internal static string WithoutUnmistakable(string sentence) => Current().Unmistakable.Hide(SecretPlaces.HideInUrls(sentence));

    /// <summary>Letters and digits or signs together, and enough of them: by chance nothing else is written so.</summary>
    private static bool IsUnmistakable(string secret) =>
        secret.Length >= ShortestUnmistakable && secret.Any(char.IsLetter) && secret.Any(character => !char.IsLetter(character) && character is not ('_' or '-' or ' '));

    private static Sought Current()
    {
        if (_sought is { } known)
            return known;
        lock (Changing)
        {
            var secrets = Remembered.Where(each => !Names.Contains(each.Secret)).ToLookup(each => IsUnmistakable(each.Secret));
            return _sought = new Sought(
                new SecretSearch(secrets[true].SelectMany(each => SecretForms.Of(each.Secret, each.User)), wholeWords: false),
                new SecretSearch(secrets[false].SelectMany(each => SecretForms.Of(each.Secret, each.User)), wholeWords: true));
        }
    }

    private sealed record Sought(SecretSearch Unmistakable, SecretSearch Words);
}

/// <summary>Finds any of several texts, the longest where several begin, in one pass.</summary>
internal sealed class SecretSearch
{
    private readonly string[] _longestFirst;
    private readonly SearchValues<string> _any;
    private readonly bool _wholeWords;

    /// <param name="wholeWords">A form that begins or ends with a letter or digit is found only where no other stands beside it.</param>
    public SecretSearch(IEnumerable<string> forms, bool wholeWords)
    {
        _longestFirst = [.. forms.ToFrozenSet(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _any = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
        _wholeWords = wholeWords;
    }

    public string Hide(string text)
    {
        if (_longestFirst.Length == 0)
            return text;
        System.Text.StringBuilder? hidden = null;
        var (copied, from) = (0, 0);
        while (text.AsSpan(from).IndexOfAny(_any) is >= 0 and var offset)
        {
            var start = from + offset;
            var form = Array.Find(_longestFirst, form => string.CompareOrdinal(text, start, form, 0, form.Length) == 0 && (!_wholeWords || IsWhole(text, start, form.Length)));
            from = start + (form?.Length ?? 1);
            if (form is null)
                continue;
            (hidden ??= new System.Text.StringBuilder(text.Length)).Append(text, copied, start - copied).Append(Secrets.Mask);
            copied = from;
        }

        return hidden is null ? text : hidden.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsWhole(string text, int start, int length) =>
        (start == 0 || !(IsOfWord(text[start]) && IsOfWord(text[start - 1])))
        && (start + length == text.Length || !(IsOfWord(text[start + length - 1]) && IsOfWord(text[start + length])));

    private static bool IsOfWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
