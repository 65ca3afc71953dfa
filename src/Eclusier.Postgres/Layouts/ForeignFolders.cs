namespace Eclusier.Postgres.Layouts;

/// <summary>Folders that another tool lays out: some of their files undo what the others do.</summary>
internal static class ForeignFolders
{
    /// <exception cref="EclusierException">The folder is in another layout, or in that of a tool which none of ours reads (<see
    /// cref="InvalidInputException"/>).</exception>
    public static void Refuse(string folder, IMigrationLayout layout)
    {
        if (Of(folder) is not { } found || found.Layout == layout.Name)
            return;
        throw new InvalidInputException(
            new Text($"This is a folder of {found.Tool}, which the layout \"{layout.Name}\" does not read.",
                $"Ceci est un dossier de {found.Tool}, que la disposition « {layout.Name} » ne lit pas."),
            folder,
            found.Layout is { } named
                ? new Text($"Name its layout: \"layout: {named}\" under migrations, or --layout {named}.",
                    $"Nommez sa disposition : « layout: {named} » sous migrations, ou --layout {named}.")
                : Remedy);
    }

    /// <summary>The tool, and the layout that reads its folders where there is one; null for any other folder.</summary>
    public static (string Tool, string? Layout)? Of(string folder)
    {
        var (parent, name) = (Path.GetDirectoryName(Path.GetFullPath(folder)) ?? "/", Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        if (name is "deploy" or "revert" or "verify"
            && (File.Exists(Path.Combine(parent, "sqitch.plan"))
                || (Directory.Exists(Path.Combine(parent, "revert")) && Directory.Exists(Path.Combine(parent, "deploy")))))
            return ("Sqitch", null);
        if (File.Exists(Path.Combine(folder, "sqitch.plan")))
            return ("Sqitch", null);
        if (File.Exists(Path.Combine(folder, "meta", "_journal.json")))
            return ("Drizzle", "drizzle");
        var children = Children(folder);
        if (children.Select(child => Path.GetFileName(child)).Intersect(["deploy", "revert"], StringComparer.Ordinal).Count() == 2)
            return ("Sqitch", null);
        if (children.Any(child => File.Exists(Path.Combine(child, "up.sql"))))
            return ("Diesel or Hasura", null);
        if (children.FirstOrDefault(child => File.Exists(Path.Combine(child, "migration.sql"))) is { } one)
            return File.Exists(Path.Combine(one, "snapshot.json")) ? ("Drizzle 1.x", "drizzle") : IsPrisma(folder) ? ("Prisma", "prisma") : null;
        return null;
    }

    /// <summary>What undoes something: no hazard of what it undoes.</summary>
    /// <param name="names">Of all <c>.sql</c> files of its folder.</param>
    public static bool IsUndo(string path, IReadOnlySet<string> names)
    {
        var (name, folder) = (Path.GetFileName(path), Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        if (name == "down.sql")
            return File.Exists(Path.Combine(folder, "up.sql")) || File.Exists(Path.Combine(folder, "migration.sql"));
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            var isBeside = (Path.GetFileName(folder), Directory.Exists(Path.Combine(parent, "deploy")), Directory.Exists(Path.Combine(parent, "up")));
            if (isBeside is ("revert" or "verify", true, _) or ("down", _, true))
                return true;
        }

        return FlywayLayout.IsUndo(name) || NumberedNames.UndoneBy(name, names) is not null;
    }

    private static Text Remedy => new(
        "Write its files as 001_create_users.sql, and what undoes them as 001_create_users_rollback.sql; or let that tool run them.",
        "Écrivez ses fichiers comme 001_create_users.sql, et leur annulation comme 001_create_users_rollback.sql ; ou laissez cet outil les exécuter.");

    private static bool IsPrisma(string folder) => File.Exists(Path.Combine(folder, "migration_lock.toml"));

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
}
