using Eclusier.Files;

namespace Eclusier.Cli;

/// <summary>The user's own <c>.gitignore</c>: <c>init</c> alone writes to it, beside the runbook that it writes.</summary>
internal static class GitIgnore
{
    /// <summary>What a run and the first runbook's backups make.</summary>
    private static readonly string[] Ours = [".eclusier/", "/backups/"];

    /// <summary>Adds what is missing, where the folder is under version control.</summary>
    /// <param name="folder">The runbook's.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Add(string folder)
    {
        var file = Path.Combine(folder, ".gitignore");
        if (!File.Exists(file) && !IsVersioned(folder))
            return;
        try
        {
            var text = File.Exists(file) ? File.ReadAllText(file) : "";
            var lines = text.Split('\n').Select(line => line.Trim().Trim('/')).ToHashSet(StringComparer.Ordinal);
            var missing = Ours.Where(rule => !lines.Contains(rule.Trim('/'))).ToList();
            if (missing.Count > 0)
                File.AppendAllText(file, $"{(text.Length == 0 || text.EndsWith('\n') ? "" : "\n")}{string.Join('\n', missing)}\n");
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw new InvalidInputException(
                new Text($"The runbook is written, but .gitignore cannot be: {error.Message}", $"Le runbook est écrit, mais .gitignore ne peut pas l'être : {error.Message}"), file,
                new Text($"Add these lines to it: {string.Join(' ', Ours)}", $"Ajoutez-y ces lignes : {string.Join(' ', Ours)}"), error);
        }
    }

    private static bool IsVersioned(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (Path.Exists(Path.Combine(above.FullName, ".git")))
                return true;
        }

        return false;
    }
}
