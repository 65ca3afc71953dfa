using System.Buffers;
using System.Collections.Frozen;

namespace Eclusier.Redaction;

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
