using System.Globalization;
using System.Text;

namespace Eclusier.Values;

/// <summary>
/// What comes from elsewhere, so that it can do nothing to the terminal or the page that shows it: escape sequences, marks that turn the direction
/// of writing and characters without width are written as <c>\u001b</c>, which in JSON is the very same text.
/// </summary>
public static class Visible
{
    /// <summary>Noncharacters, for use within a program alone (Unicode, 23.7): the console's colours, until they reach a terminal. See <c>Colour</c>.</summary>
    public const char FirstMark = '\uFDD0', LastMark = '\uFDEF';

    /// <summary>One or several lines.</summary>
    public static string Of(string text) => Escaped(text, keepMarks: false);

    /// <summary>A name, or another value that must not take more than its place in a line.</summary>
    public static string Line(string text) => Of(text).Replace("\n", "\\n", StringComparison.Ordinal).Replace('\t', ' ');

    /// <summary>Composed text on its way to a terminal: as <see cref="Of"/>, with the console's own marks left in it.</summary>
    public static string Composed(string text) => Escaped(text, keepMarks: true);

    private static string Escaped(string text, bool keepMarks)
    {
        // Nearly everything is plain ASCII, and then this one look is all.
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        StringBuilder? visible = null;
        var copied = 0;
        for (var index = 0; index < text.Length;)
        {
            var whole = Rune.TryGetRuneAt(text, index, out var rune);
            var length = whole ? rune.Utf16SequenceLength : 1;
            if (!whole || (IsHidden(rune) && !(keepMarks && rune.Value is >= FirstMark and <= LastMark)))
            {
                (visible ??= new StringBuilder(text.Length + 16)).Append(text, copied, index - copied);
                foreach (var character in text.AsSpan(index, length))
                    visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
                copied = index + length;
            }

            index += length;
        }

        return visible is null ? text : visible.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value is not ('\n' or '\t') && (rune.Value is >= FirstMark and <= LastMark || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
