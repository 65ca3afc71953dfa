using System.Text.RegularExpressions;
using Eclusier.Planning;

namespace Eclusier.Postgres.Layouts;

/// <summary>What the layouts' folders have in common: files called <c>version_name.sql</c>.</summary>
internal static class SqlFolder
{
    /// <summary>The <c>.sql</c> files of a folder.</summary>
    /// <exception cref="EclusierException">It is not there, or cannot be read (<see cref="ExitCode.Usage"/>).</exception>
    public static string[] Files(string folder, bool recursive = false) =>
        Listed(folder, () => Directory.GetFiles(folder, "*.sql", recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));

    /// <exception cref="EclusierException">As above.</exception>
    public static string[] Folders(string folder) => Listed(folder, () => Directory.GetDirectories(folder));

    /// <summary>The parts of a file's name.</summary>
    /// <exception cref="EclusierException">It does not fit (<see cref="ExitCode.Usage"/>).</exception>
    public static Match Named(IMigrationLayout layout, Regex form, string fileName, string shownPath, Text example)
    {
        var match = form.Match(fileName);
        return match.Success ? match : throw new EclusierException(
            new Text($"\"{fileName}\" does not fit the layout \"{layout.Name}\".", $"« {fileName} » ne suit pas la disposition « {layout.Name} »."), shownPath, example, ExitCode.Usage);
    }

    /// <summary>In file order, each version once.</summary>
    /// <exception cref="EclusierException">There is none, or two have the same version (<see cref="ExitCode.Usage"/>).</exception>
    public static IReadOnlyList<MigrationFile> InOrder(IEnumerable<MigrationFile> files, string folder, Text example)
    {
        var sorted = files.OrderBy(file => file.Version, VersionOrder.Instance).ToArray();
        if (sorted.Length == 0)
            throw new EclusierException(new Text("The folder holds no migrations.", "Le dossier ne contient aucune migration."), folder, example, ExitCode.Usage);
        foreach (var (first, second) in sorted.Zip(sorted.Skip(1)))
        {
            if (first.Version == second.Version || VersionOrder.SameNumber(first.Version, second.Version))
                throw Duplicate(second.Version, first, second);
        }

        return sorted;
    }

    private static EclusierException Duplicate(string version, MigrationFile first, MigrationFile second) => new(
        new Text($"Two files have version {version}: {first.FileName} and {second.FileName}.", $"Deux fichiers portent la version {version} : {first.FileName} et {second.FileName}."),
        first.RelativePath,
        new Text("Give one of them another version.", "Donnez une autre version à l'un des deux."),
        ExitCode.Usage);

    private static string[] Listed(string folder, Func<string[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EclusierException(
                Directory.Exists(folder)
                    ? new Text("The migrations' folder cannot be read.", "Le dossier des migrations ne peut pas être lu.")
                    : new Text("The migrations' folder does not exist.", "Le dossier des migrations n'existe pas."),
                folder,
                new Text("Check \"migrations.path\" (or --path).", "Vérifiez « migrations.path » (ou --path)."),
                ExitCode.Usage,
                exception);
        }
    }
}
