using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>Reads what <c>\i</c> and <c>\ir</c> name, and what that names in its turn. For one migration.</summary>
internal sealed class IncludedFiles
{
    /// <summary>Two lines that include the next file twice, and so on, are a million files after twenty.</summary>
    private const int Most = 1000;

    private readonly string _baseFolder;
    private readonly ProjectFolder _project;
    private int _count;

    private IncludedFiles(string baseFolder, string path) => (_baseFolder, _project) = (baseFolder, new ProjectFolder(baseFolder, path));

    /// <param name="script">A file as read.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="baseFolder">Where the paths of <c>\i</c> start from.</param>
    /// <exception cref="InvalidInputException">A file that is not there, lies outside the project, cannot be read, or includes itself; or there are too many.</exception>
    public static ScriptSource Follow(ScriptSource script, string path, string baseFolder) =>
        // Nearly no migration includes anything, and splitting all of them would make a run that has nothing to do slow.
        script.Text.Contains(@"\i", StringComparison.Ordinal) ? new IncludedFiles(baseFolder, path).Follow(script, [Path.GetFullPath(path)]) : script;

    private ScriptSource Follow(ScriptSource script, string[] chain)
    {
        if (!script.Text.Contains(@"\i", StringComparison.Ordinal))
            return script;
        return script with
        {
            Included = ScriptSplitter.Includes(script.Text, script.File).ToDictionary(command => command.Offset, command => Include(command, chain)),
        };
    }

    private ScriptSource Include(PsqlCommand command, string[] chain)
    {
        var folder = command.IsRelativeToItsFile ? Path.GetDirectoryName(chain[^1])! : _baseFolder;
        var path = Path.GetFullPath(command.Argument, folder);
        var shown = MigrationPaths.Relative(_baseFolder, path);
        if (command.Argument.Length == 0 || !File.Exists(path))
        {
            throw Refused(command, new Text($"{command.Name} finds no file \"{shown}\".", $"{command.Name} ne trouve pas le fichier « {shown} »."), new Text(
                $"\\i starts from {_baseFolder}, \\ir from the file that it stands in.",
                $"\\i part de {_baseFolder}, \\ir du fichier où il se trouve."));
        }

        if (!_project.Holds(path))
        {
            throw Refused(
                command, new Text($"{command.Name} names \"{shown}\", which lies outside the project.", $"{command.Name} nomme « {shown} », qui se trouve hors du projet."),
                new Text("Put a copy of it beside the migrations; a link to it does not do.", "Mettez-en une copie à côté des migrations ; un lien ne suffit pas."));
        }

        if (chain.Contains(path))
        {
            throw Refused(
                command, new Text($"{command.Name} includes \"{shown}\" in itself.", $"{command.Name} inclut « {shown} » dans lui-même."),
                new Text("Remove one of the two commands.", "Retirez l'une des deux commandes."));
        }

        if (++_count > Most)
        {
            throw Refused(
                command, new Text($"The migration includes more than {Most} files.", $"La migration inclut plus de {Most} fichiers."),
                new Text("Include each file once; files that include others twice double at every level.", "Incluez chaque fichier une fois ; des fichiers qui en incluent d'autres deux fois doublent à chaque niveau."));
        }

        var text = MigrationText.ReadText(path, shown);
        ForeignMarkers.Refuse(text, shown);
        return Follow(new ScriptSource(text, shown), [.. chain, path]);
    }

    private static EclusierException Refused(PsqlCommand command, Text problem, Text remedy) => new InvalidInputException(problem, command.Where, remedy);
}
