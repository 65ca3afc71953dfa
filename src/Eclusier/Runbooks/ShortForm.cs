namespace Eclusier.Runbooks;

/// <summary>A runbook made from the command line: <c>--url</c>, <c>--path</c>, <c>--layout</c>, <c>--backup-to</c>, <c>--rehearse</c>.</summary>
public static class ShortForm
{
    /// <exception cref="InvalidInputException">A backup destination is not understood, or is another one once more.</exception>
    public static Runbook Create(DatabaseUrl url, string migrationsPath, string workingDirectory, IReadOnlyList<string> backupTo, bool rehearse, string layout = "numbered")
    {
        var name = DatabaseName(url);
        return new Runbook
        {
            Directory = workingDirectory,
            Name = Path.GetFileName(workingDirectory),
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { [name] = new(name, url) },
            Migrations = new MigrationSettings { Path = migrationsPath, BaseFolder = workingDirectory, Layout = layout, Target = name },
            Backup = backupTo.Count == 0 ? null : new BackupSettings
            {
                To = Places(backupTo, workingDirectory),
                Copies = backupTo.Count,
            },
            Rehearsal = rehearse ? new RehearsalSettings(null) : null,
        };
    }

    private const string Unnamed = "target";

    private static List<string> Places(IReadOnlyList<string> backupTo, string workingDirectory)
    {
        var places = new List<string>();
        foreach (var written in backupTo)
        {
            var problem = BackupPlace.Read(written, workingDirectory, out var place) ?? BackupPlace.Twice([.. places, place]);
            if (problem is not null)
                throw new InvalidInputException(new Text($"--backup-to: {problem.En}.", $"--backup-to : {problem.Fr}."), null, new Text("docs/runbook.md lists the destinations.", "docs/runbook.md énumère les destinations."));
            places.Add(place);
        }

        return places;
    }

    /// <summary>Runs are kept by environment; here that is the database.</summary>
    private static string DatabaseName(DatabaseUrl url)
    {
        // What stands before the last @ may be a password, and must not become a name; nor may anything of what is no URL.
        if (DatabaseSystems.Of(url.Reveal()) is null)
            return Unnamed;
        var address = url.Reveal().Split('?')[0].Split("://")[^1].Split('@')[^1];
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? "" : string.Concat(address[slash..].Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')).Trim('.');
        return name.Length > 0 ? name : Unnamed;
    }
}
