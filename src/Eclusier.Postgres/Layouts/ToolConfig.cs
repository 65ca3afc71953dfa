namespace Eclusier.Postgres.Layouts;

/// <summary>Finds another tool's own settings in a project.</summary>
internal static class ToolConfig
{
    /// <summary>The text of the nearest file of one of these names, from the migrations' folder up to the runbook's; null when there is none, or it cannot
    /// be read.</summary>
    public static string? Nearest(string folder, string baseFolder, IReadOnlyList<string> names)
    {
        var last = Path.TrimEndingDirectorySeparator(Path.GetFullPath(baseFolder));
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null; at = Path.GetDirectoryName(at))
        {
            if (names.Select(name => Path.Combine(at, name)).FirstOrDefault(File.Exists) is { } file)
                return Read(file);
            if (at == last || !at.StartsWith(last, StringComparison.Ordinal))
                return null;
        }

        return null;
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
