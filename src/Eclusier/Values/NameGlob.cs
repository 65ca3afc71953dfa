using System.Text;
using System.Text.RegularExpressions;

namespace Eclusier.Values;

/// <summary>Names by a pattern, as a shell reads it: <c>*</c>, <c>?</c>, <c>[A-Z]</c>, <c>[!a-z]</c>. Upper case and lower case differ.</summary>
public static class NameGlob
{
    public static bool Matches(IEnumerable<string> globs, string name) => globs.Any(glob => Matches(glob, name));

    public static bool Matches(string glob, string name) =>
        Regex.IsMatch(name, Pattern(glob), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    private static string Pattern(string glob)
    {
        var pattern = new StringBuilder("^");
        for (var at = 0; at < glob.Length; at++)
        {
            var end = glob[at] == '[' ? glob.IndexOf(']', Math.Min(at + 2, glob.Length)) : -1;
            if (end > 0)
            {
                var set = glob[(at + 1)..end];
                var negated = set[0] is '!' or '^';
                pattern.Append(negated ? "[^" : "[").Append((negated ? set[1..] : set).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal)).Append(']');
                at = end;
            }
            else
            {
                pattern.Append(glob[at] switch { '*' => ".*", '?' => ".", var other => Regex.Escape(other.ToString()) });
            }
        }

        return pattern.Append(@"\z").ToString();
    }
}
