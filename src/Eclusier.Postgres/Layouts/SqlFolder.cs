using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Layouts;

/// <summary>What the layouts' folders have in common: files called <c>version_name.sql</c>.</summary>
internal static class SqlFolder
{
    /// <summary>The <c>.sql</c> files of a folder.</summary>
    /// <exception cref="InvalidInputException">It is not there, cannot be read, or is another tool's.</exception>
    public static string[] Files(IMigrationLayout layout, string folder, bool recursive = false)
    {
        var files = Listed(folder, () => Directory.GetFiles(folder, "*.sql", recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));
        ForeignFolders.Refuse(folder, layout);
        return files;
    }

    /// <exception cref="EclusierException">As above.</exception>
    public static string[] Folders(IMigrationLayout layout, string folder)
    {
        var folders = Listed(folder, () => Directory.GetDirectories(folder));
        ForeignFolders.Refuse(folder, layout);
        return folders;
    }

    /// <summary>The parts of a file's name.</summary>
    /// <exception cref="InvalidInputException">It does not fit.</exception>
    public static Match Named(IMigrationLayout layout, Regex form, string fileName, string shownPath, Text example)
    {
        var match = form.Match(fileName);
        return match.Success ? match : throw DoesNotFit(layout, fileName, shownPath, example);
    }

    /// <summary>Each version once.</summary>
    /// <param name="files">In their order.</param>
    /// <param name="isSame">Two neighbours have the same version.</param>
    /// <exception cref="InvalidInputException">There is none, or two have the same version.</exception>
    public static IReadOnlyList<MigrationFile> Checked(IEnumerable<MigrationFile> files, string folder, Text example, Func<string, string, bool>? isSame = null)
    {
        var sorted = files.ToArray();
        if (sorted.Length == 0)
            throw NoMigrations(folder, example);
        if (sorted.GroupBy(file => file.Version, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw Duplicate(same.First(), same.Skip(1).First());
        foreach (var (first, second) in sorted.Zip(sorted.Skip(1)))
        {
            if (isSame?.Invoke(first.Version, second.Version) == true)
                throw Duplicate(first, second);
        }

        return sorted;
    }

    /// <summary>What undoes a migration that is a folder, as Prisma's manual has it made (<c>down.sql</c>); null when it is not there.</summary>
    public static string? DownBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", "down.sql") is var down && Path.GetFileName(path) == "migration.sql" && File.Exists(down) ? down : null;

    public static EclusierException DoesNotFit(IMigrationLayout layout, string fileName, string shownPath, Text example) => new InvalidInputException(
        new Text($"\"{fileName}\" does not fit the layout \"{layout.Name}\".", $"« {fileName} » ne suit pas la disposition « {layout.Name} »."), shownPath,
            example);

    public static EclusierException NoMigrations(string folder, Text example) =>
        new InvalidInputException(new Text("The folder holds no migrations.", "Le dossier ne contient aucune migration."), folder, example);

    private static EclusierException Duplicate(MigrationFile first, MigrationFile second) => new InvalidInputException(
        new Text($"Two files have version {second.Version}: {first.FileName} and {second.FileName}.",
            $"Deux fichiers portent la version {second.Version} : {first.FileName} et {second.FileName}."),
        first.RelativePath,
        new Text("Give one of them another version.", "Donnez une autre version à l'un des deux."));

    private static string[] Listed(string folder, Func<string[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                Directory.Exists(folder)
                    ? new Text("The migrations' folder cannot be read.", "Le dossier des migrations ne peut pas être lu.")
                    : new Text("The migrations' folder does not exist.", "Le dossier des migrations n'existe pas."),
                folder,
                new Text("Check \"migrations.path\" (or --path).", "Vérifiez « migrations.path » (ou --path)."),
                exception);
        }
    }
}
