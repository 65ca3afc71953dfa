using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Files;
using Eclusier.Postgres.Connections;

namespace Eclusier.Postgres.Backups;

/// <summary>An entry of a dump's table of contents.</summary>
/// <param name="Text">Its type, schema, name and owner, with nothing but spaces between them.</param>
/// <param name="Needs">Entries that it depends on. Some are in no dump: the members of extensions.</param>
internal sealed record DumpEntry(int Id, string Text, IReadOnlyList<int> Needs)
{
    private const string ExtensionType = "EXTENSION - ";

    /// <summary>Null when it is no extension.</summary>
    public string? Extension => Text.StartsWith(ExtensionType, StringComparison.Ordinal) ? Text[ExtensionType.Length..].Split(' ')[0] : null;

    public bool IsTable => Text.StartsWith("TABLE ", StringComparison.Ordinal) && !IsData && !Text.StartsWith("TABLE ATTACH ", StringComparison.Ordinal);

    /// <summary>The rows of a table or of a materialized view.</summary>
    public bool IsData => Text.StartsWith("TABLE DATA ", StringComparison.Ordinal) || Text.StartsWith("MATERIALIZED VIEW DATA ", StringComparison.Ordinal);

    public bool IsSequence => Text.StartsWith("SEQUENCE ", StringComparison.Ordinal) && !IsAttached;

    public bool IsSchema => Text.StartsWith("SCHEMA - ", StringComparison.Ordinal);

    /// <summary>Rights on a schema.</summary>
    public bool IsAboutSchema => Text.StartsWith("ACL - SCHEMA ", StringComparison.Ordinal);

    /// <summary>Rights on anything else, and those that new objects get.</summary>
    public bool IsRight => Text.StartsWith("ACL ", StringComparison.Ordinal) || Text.StartsWith("DEFAULT ACL ", StringComparison.Ordinal);

    public bool IsFilledView => Text.StartsWith("MATERIALIZED VIEW DATA ", StringComparison.Ordinal);

    /// <summary>It says which table a sequence goes with.</summary>
    public bool IsOwnership => Text.StartsWith("SEQUENCE OWNED BY ", StringComparison.Ordinal);

    /// <summary>It says something about an object and makes none.</summary>
    public bool IsAttached => Array.Exists(Attached, type => Text.StartsWith(type, StringComparison.Ordinal));

    private static readonly string[] Attached = ["SEQUENCE SET ", "SEQUENCE OWNED BY ", "ACL ", "COMMENT ", "SECURITY LABEL "];
}

/// <summary>A dump's table of contents, as <c>pg_restore --list --verbose</c> prints it.</summary>
internal sealed partial record DumpContents(IReadOnlyList<DumpEntry> Entries)
{
    private readonly HashSet<int> _ids = [.. Entries.Select(entry => entry.Id)];

    public IReadOnlyList<string> Extensions => [.. Entries.Select(entry => entry.Extension).OfType<string>()];

    /// <summary>Rights and rows of what an extension brought itself: the object is in no dump, but what was changed about it is.</summary>
    public bool IsAboutMember(DumpEntry entry) => (entry.IsData || entry.IsAttached) && !entry.Needs.All(_ids.Contains);

    /// <returns>Null when the dump cannot be read: restoring it will say why.</returns>
    public static async Task<DumpContents?> ReadAsync(PostgresTools tools, string file, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(tools.Path("pg_restore"), ["--list", "--verbose", file], PostgresRestore.InEnglish, cancellationToken);
        return result.Succeeded ? Parse(result.Output) : null;
    }

    internal static DumpContents Parse(string list)
    {
        var entries = new List<DumpEntry>();
        foreach (var line in list.Split('\n'))
        {
            if (Entry().Match(line) is { Success: true } entry)
                entries.Add(new DumpEntry(Number(entry.Groups["id"].Value), entry.Groups["text"].Value, []));
            else if (line.StartsWith(Dependencies, StringComparison.Ordinal) && entries.Count > 0)
                entries[^1] = entries[^1] with { Needs = [.. line[Dependencies.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)] };
        }

        return new DumpContents(entries);
    }

    private const string Dependencies = ";\tdepends on:";

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^(?<id>\d+); \d+ \d+ (?<text>.+)$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Entry();
}
