using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// The names of numbered files: <c>001_users.sql</c>, <c>0001-users.sql</c>, <c>2024-01-31-users.sql</c>, and what undoes them:
/// <c>001_users_rollback.sql</c>, or a pair <c>001_users.up.sql</c> and <c>001_users.down.sql</c> as golang-migrate and sqlx write them.
/// </summary>
internal static partial class NumberedNames
{
    private const string Suffix = ".sql";

    /// <summary>How a file's name ends that does something, the plainest first.</summary>
    private static readonly string[] Forward = ["", ".up", ".do", "_up", "-up", "_do", "-do"];

    /// <summary>How one ends that undoes something, whatever else lies there.</summary>
    private static readonly string[] Undoing = ["_rollback", ".rollback", "-rollback", ".down", ".undo", ".revert"];

    /// <summary>So may the name of any migration end: it undoes something only where that lies beside it.</summary>
    private static readonly string[] PerhapsUndoing = ["_down", "-down", "_undo", "-undo", "_revert", "-revert"];

    /// <summary>The version and the name; null when it is no migration's name.</summary>
    public static (string Version, string Name)? Parse(string fileName)
    {
        var match = Form().Match(Plain(fileName) + Suffix);
        return match.Success ? (match.Groups["version"].Value, match.Groups["name"].Value) : null;
    }

    /// <summary>The file that this one undoes; empty when it is not there; null when this one undoes nothing.</summary>
    /// <param name="all">The names of the folder's files.</param>
    public static string? UndoneBy(string fileName, IReadOnlySet<string> all)
    {
        var stem = Stem(fileName);
        if (Infix().Match(stem) is { Success: true } infix)
            return infix.Groups["way"].Value is "undo" or "down" or "revert" ? Beside(infix) ?? "" : null;
        if (Ending(stem, Undoing) is { } certain)
            return Find(stem[..^certain.Length]) ?? "";
        return Ending(stem, PerhapsUndoing) is { } perhaps ? Find(stem[..^perhaps.Length]) : null;

        string? Find(string plain) => Forward.Select(end => $"{plain}{end}{Suffix}").FirstOrDefault(all.Contains);

        string? Beside(Match match) => new[] { "do", "up" }.Select(way => $"{match.Groups["version"].Value}.{way}{match.Groups["rest"].Value}{Suffix}")
            .FirstOrDefault(all.Contains);
    }

    /// <summary>Without <c>.sql</c>, and without what says that it is the way up.</summary>
    private static string Plain(string fileName)
    {
        var stem = Stem(fileName);
        if (Infix().Match(stem) is { Success: true } infix)
            return infix.Groups["version"].Value + infix.Groups["rest"].Value;
        return Ending(stem, [".up", ".do"]) is { } end ? stem[..^end.Length] : stem;
    }

    private static string Stem(string fileName) => fileName.EndsWith(Suffix, StringComparison.Ordinal) ? fileName[..^Suffix.Length] : fileName;

    private static string? Ending(string stem, string[] ends) =>
        Array.Find(ends, end => stem.Length > end.Length && stem.EndsWith(end, StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<version>[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]{4,6})?|[0-9]+(\.[0-9]+)*)([-_. ]+(?<name>.+))?\.sql$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Form();

    /// <summary>Postgrator's <c>001.do.users</c> and <c>001.undo.users</c>.</summary>
    [GeneratedRegex(@"^(?<version>[0-9]+)\.(?<way>do|undo|up|down|revert)(?<rest>\..+)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Infix();
}
