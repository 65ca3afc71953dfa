using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Eclusier.Tests.Architecture;

/// <summary>A project's sources, and which of its folders name types of which others.</summary>
internal sealed partial class SourceProject
{
    /// <summary>Imported everywhere (Directory.Build.props): their types need no using.</summary>
    private static readonly string[] Everywhere = ["Faults", "Values"];

    /// <summary>Several tests ask about the same sources.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<SourceProject>> Known = new(StringComparer.Ordinal);

    private readonly Lazy<IReadOnlyList<(string From, string To, string File)>> _references;
    private readonly List<SourceFile> _files;
    private readonly ILookup<string, string> _folders;

    private SourceProject(string name)
    {
        var folder = Path.Combine(Sources(), name);
        _files =
        [
            .. from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
               let place = Path.GetRelativePath(folder, path).Replace('\\', '/')
               where !place.StartsWith("bin/", StringComparison.Ordinal) && !place.StartsWith("obj/", StringComparison.Ordinal)
               select new SourceFile(place, File.ReadAllText(path)),
        ];
        Name = name;
        _references = new(FindReferences);
        _folders = _files.SelectMany(file => TypeDeclaration().Matches(file.Text).Select(found => (found.Groups["name"].Value, file.Folder))).Distinct().ToLookup(type => type.Value, type => type.Folder, StringComparer.Ordinal);
    }

    public string Name { get; }

    public IReadOnlyList<SourceFile> Files => _files;

    public static SourceProject Read(string name) => Known.GetOrAdd(name, _ => new Lazy<SourceProject>(() => new SourceProject(name))).Value;

    public static string Sources([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src"));

    /// <summary>Each folder, the folders that it names, and a file that does.</summary>
    public IReadOnlyList<(string From, string To, string File)> References() => _references.Value;

    private IReadOnlyList<(string From, string To, string File)> FindReferences() =>
    [
        .. from file in _files
           from target in Named(file).Distinct(StringComparer.Ordinal)
           where target != file.Folder && target.Length > 0 && file.Folder.Length > 0
           select (file.Folder, target, file.Path),
    ];

    /// <summary>By a using, by a whole name, by a name that begins with a folder (<c>Evidence.Verdict</c>), or by the mere name where that is imported everywhere.</summary>
    private IEnumerable<string> Named(SourceFile file)
    {
        var folders = _files.Select(other => other.Folder).ToHashSet(StringComparer.Ordinal);
        foreach (Match whole in Regex.Matches(file.Text, $@"\b{Regex.Escape(Name)}\.(?<folder>\w+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))
        {
            if (folders.Contains(whole.Groups["folder"].Value))
                yield return whole.Groups["folder"].Value;
        }

        foreach (Match part in QualifiedType().Matches(file.Text))
        {
            if (_folders[part.Groups["type"].Value].Contains(part.Groups["folder"].Value, StringComparer.Ordinal))
                yield return part.Groups["folder"].Value;
        }

        foreach (Match word in Word().Matches(file.Text))
        {
            foreach (var folder in Everywhere.Intersect(_folders[word.Value], StringComparer.Ordinal))
                yield return folder;
        }
    }

    /// <summary>In code, not in a comment.</summary>
    [GeneratedRegex(@"(?<![\w.]|//.*)[A-Z]\w+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w.])(?<folder>[A-Z]\w+)\.(?<type>[A-Z]\w+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex QualifiedType();

    [GeneratedRegex(@"^(public|internal)\s+((unsafe|static|sealed|abstract|readonly|partial)\s+)*(record struct|record class|record|class|struct|enum|interface|delegate \S+)\s+(?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex TypeDeclaration();
}

/// <param name="Path">Within the project, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The first folder; empty for a file of the project's own.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/', StringComparison.Ordinal)] : "";
}
