namespace Eclusier.Postgres.Layouts;

/// <summary>A folder of migrations in a repository.</summary>
/// <param name="Path">Relative to where the search began.</param>
public sealed record FoundMigrations(string Layout, string Path, int Count);

/// <summary>Recognises the layouts in a repository by what only they have.</summary>
public static class LayoutDetection
{
    private const int Depth = 6;

    private static readonly string[] NotLookedInto = ["node_modules", "bin", "obj", "dist", "vendor", "target"];

    /// <summary>The folder with the most migrations first.</summary>
    public static IReadOnlyList<FoundMigrations> Find(string root) =>
        [.. Folders(root, Depth).Select(folder => Recognise(root, folder)).OfType<FoundMigrations>().OrderByDescending(found => found.Count).ThenBy(found => found.Path, StringComparer.Ordinal)];

    /// <summary>The layout whose markers a file has that stands by itself; without any, the plainest.</summary>
    public static string LanguageOf(string text) =>
        DbmateSections.Has(text) ? "dbmate" : text.Contains(DrizzleLayout.Breakpoint, StringComparison.Ordinal) ? "drizzle" : "numbered";

    /// <exception cref="InvalidInputException">The files are in the language of a tool that their layout does not read.</exception>
    public static void RefuseForeign(string root, FoundMigrations found)
    {
        var folder = Path.GetFullPath(Path.Combine(root, found.Path));
        ForeignFolders.Refuse(folder, MigrationLayouts.Find(found.Layout));
        foreach (var file in Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal))
            ForeignMarkers.Refuse(MigrationText.ReadText(file, MigrationPaths.Relative(root, file)), MigrationPaths.Relative(root, file), found.Layout);
    }

    /// <summary>Folders of tools that no layout reads, as <c>tool (folder)</c>.</summary>
    public static IReadOnlyList<string> Foreign(string root) =>
        [.. Folders(root, Depth).Select(folder => (Tool: Tool(folder), Path: Path.GetRelativePath(root, folder))).Where(found => found.Tool is not null)
            .Select(found => $"{found.Tool} ({found.Path})")];

    private static string? Tool(string folder) => ForeignFolders.Of(folder) is { Layout: null } found ? found.Tool
        : Directory.GetFiles(folder, "*.sql").Select(file => ForeignMarkers.Tool(MigrationText.ReadText(file, file)))
            .FirstOrDefault(tool => tool is { Length: > 0 });

    private static IEnumerable<string> Folders(string folder, int depth)
    {
        yield return folder;
        if (depth == 0)
            yield break;
        foreach (var child in Children(folder).Where(child => Path.GetFileName(child) is var name && !name.StartsWith('.') && !NotLookedInto.Contains(name)))
        {
            foreach (var below in Folders(child, depth - 1))
                yield return below;
        }
    }

    private static string[] Children(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static FoundMigrations? Recognise(string root, string folder)
    {
        var files = Directory.GetFiles(folder, "*.sql");
        var folders = Children(folder).Where(child => File.Exists(Path.Combine(child, "migration.sql"))).ToArray();
        FoundMigrations Found(string layout, int count) => new(layout, Path.GetRelativePath(root, folder).Replace('\\', '/'), count);
        if (File.Exists(Path.Combine(folder, "meta", "_journal.json")))
            return Found("drizzle", files.Length);
        // Drizzle 1.x and Prisma both make a folder for each migration; only the one keeps a snapshot in it.
        if (folders.Length > 0)
            return Found(folders.Any(child => File.Exists(Path.Combine(child, "snapshot.json"))) ? "drizzle" : "prisma", folders.Length);
        if (files.Length == 0)
            return null;
        if (files.Any(file => IsFlyway(Path.GetFileName(file))))
            return Found("flyway", files.Length);
        if (files.Any(file => File.ReadLines(file).Take(20).Any(line => DbmateSections.Has(line))))
            return Found("dbmate", files.Length);
        var names = files.Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal);
        var migrations = names.Where(name => NumberedNames.UndoneBy(name, names) is null).ToArray();
        if (migrations.Length == 0 || !migrations.All(name => NumberedNames.Parse(name) is not null))
            return null;
        return Found(Path.GetFileName(Path.GetDirectoryName(folder)) == "supabase" ? "supabase" : "numbered", migrations.Length);
    }

    private static bool IsFlyway(string name) => name.Length > 1 && name[0] is 'V' or 'R' && name.Contains("__", StringComparison.Ordinal);
}
