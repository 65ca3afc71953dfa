namespace Eclusier.Postgres.Layouts;

/// <summary>
/// What <c>\i</c> and <c>\ir</c> may read: a migration that names <c>/etc/passwd</c>, or a link that leads there, would put it into plans and errors.
/// </summary>
internal sealed class ProjectFolder
{
    /// <summary>Real paths.</summary>
    private readonly string[] _roots;

    /// <param name="baseFolder">The runbook's folder.</param>
    /// <param name="file">The migration.</param>
    public ProjectFolder(string baseFolder, string file)
    {
        string[] folders = [Real(baseFolder), Path.GetDirectoryName(Real(file))!];
        _roots = [.. folders.Select(folder => Repository(folder) ?? folder)];
    }

    /// <summary>Whether a file really lies in the project, whatever links lead to it.</summary>
    public bool Holds(string file) => Real(file) is var real && Array.Exists(_roots, root => real.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>The working copy that a folder is part of; null when it is of none.</summary>
    private static string? Repository(string folder)
    {
        for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
        {
            if (Path.Exists(Path.Combine(above, ".git")))
                return above;
        }

        return null;
    }

    /// <summary>With every link on the way followed.</summary>
    private static string Real(string path)
    {
        const int MostLinks = 40;
        var (real, left) = (Path.GetPathRoot(Path.GetFullPath(path))!, new Stack<string>());
        Push(Path.GetFullPath(path), left);
        for (var links = 0; left.TryPop(out var part);)
        {
            var next = Path.Combine(real, part);
            if (links < MostLinks && new FileInfo(next).LinkTarget is { } target)
            {
                links++;
                var leads = Path.GetFullPath(target, real);
                real = Path.GetPathRoot(leads)!;
                Push(leads, left);
            }
            else
            {
                real = next;
            }
        }

        return real;
    }

    private static void Push(string path, Stack<string> parts)
    {
        foreach (var part in path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
            parts.Push(part);
    }
}
