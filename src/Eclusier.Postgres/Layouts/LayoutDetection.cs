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
        var folders = Children(folder).Count(child => File.Exists(Path.Combine(child, "migration.sql")));
        FoundMigrations Found(string layout, int count) => new(layout, Path.GetRelativePath(root, folder).Replace('\\', '/'), count);
        if (File.Exists(Path.Combine(folder, "meta", "_journal.json")))
            return Found("drizzle", files.Length);
        if (folders > 0)
            return Found("prisma", folders);
        if (files.Length == 0)
            return null;
        if (files.Any(file => IsFlyway(Path.GetFileName(file))))
            return Found("flyway", files.Length);
        if (File.ReadLines(files[0]).Take(20).Any(line => line.StartsWith("--", StringComparison.Ordinal) && line[2..].TrimStart().StartsWith("migrate:up", StringComparison.Ordinal)))
            return Found("dbmate", files.Length);
        if (!files.All(file => IsNumbered(Path.GetFileName(file))))
            return null;
        return Found(Path.GetFileName(Path.GetDirectoryName(folder)) == "supabase" ? "supabase" : "numbered", files.Count(file => !file.EndsWith(NumberedLayout.RollbackSuffix, StringComparison.Ordinal)));
    }

    private static bool IsFlyway(string name) => name.Length > 1 && name[0] is 'V' or 'R' && name.Contains("__", StringComparison.Ordinal);

    private static bool IsNumbered(string name) => name.IndexOf('_', StringComparison.Ordinal) is > 0 and var underscore && name.AsSpan(0, underscore).IndexOfAnyExceptInRange('0', '9') < 0;
}
