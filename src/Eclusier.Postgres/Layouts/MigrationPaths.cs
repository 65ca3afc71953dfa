namespace Eclusier.Postgres.Layouts;

internal static class MigrationPaths
{
    /// <summary>Relative to the folder when the file is inside it, else as it is.</summary>
    public static string Relative(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : relative;
    }
}
