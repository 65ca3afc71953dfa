using System.Globalization;
using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Sql;

/// <summary>Where distributions put shared libraries. Each brings another version, and the loader finds one by its whole name only.</summary>
internal static partial class InstalledLibrary
{
    private static readonly string[] Folders = ["/usr/local/lib", "/usr/lib", "/usr/lib64", "/lib", "/opt/homebrew/lib"];

    /// <summary>Every version that is installed, the newest first; not all of them need fit this machine.</summary>
    /// <param name="name">Without its ending: <c>libpg_query</c>.</param>
    public static IReadOnlyList<string> Versions(string name) =>
    [
        .. Folders.Where(Directory.Exists)
            // Debian's folders bear the name of the processor.
            .SelectMany(folder => Directory.GetDirectories(folder, "*-linux-*").Prepend(folder))
            .SelectMany(folder => Directory.GetFiles(folder, $"{name}.*"))
            .Where(file => Named().IsMatch(Path.GetFileName(file)))
            .OrderByDescending(VersionOf),
    ];

    private static Version VersionOf(string file)
    {
        var numbers = Number().Matches(Path.GetFileName(file)).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();
        return numbers switch
        {
            [] => new Version(0, 0),
            [var major] => new Version(major, 0),
            [var major, var minor, ..] => new Version(major, minor),
        };
    }

    [GeneratedRegex(@"^\w+\.(so(\.\d+)*|(\d+\.)*dylib)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<=\.)\d{1,9}(?=\.|$)", RegexOptions.None, 60_000)]
    private static partial Regex Number();
}
