using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>Reads what <c>\i</c> and <c>\ir</c> name, and what that names in its turn.</summary>
internal static class IncludedFiles
{
    /// <param name="script">A file as read.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="baseFolder">Where the paths of <c>\i</c> start from.</param>
    /// <exception cref="EclusierException">A file that is not there, cannot be read, or includes itself (<see cref="ExitCode.Usage"/>).</exception>
    public static ScriptSource Follow(ScriptSource script, string path, string baseFolder) => Follow(script, [Path.GetFullPath(path)], baseFolder);

    private static ScriptSource Follow(ScriptSource script, string[] chain, string baseFolder)
    {
        // Nearly no migration includes anything, and splitting all of them would make a run that has nothing to do slow.
        if (!script.Text.Contains(@"\i", StringComparison.Ordinal))
            return script;
        return script with
        {
            Included = ScriptSplitter.Includes(script.Text, script.File).ToDictionary(command => command.Offset, command => Include(command, chain, baseFolder)),
        };
    }

    private static ScriptSource Include(PsqlCommand command, string[] chain, string baseFolder)
    {
        var folder = command.IsRelativeToItsFile ? Path.GetDirectoryName(chain[^1])! : baseFolder;
        var path = Path.GetFullPath(command.Argument, folder);
        var shown = MigrationPaths.Relative(baseFolder, path);
        if (command.Argument.Length == 0 || !File.Exists(path))
        {
            throw new EclusierException(
                new Text($"{command.Name} finds no file \"{shown}\".", $"{command.Name} ne trouve pas le fichier « {shown} »."),
                command.Where,
                new Text(
                    $"\\i starts from {baseFolder}, \\ir from the file that it stands in.",
                    $"\\i part de {baseFolder}, \\ir du fichier où il se trouve."),
                ExitCode.Usage);
        }
        if (chain.Contains(path))
        {
            throw new EclusierException(
                new Text($"{command.Name} includes \"{shown}\" in itself.", $"{command.Name} inclut « {shown} » dans lui-même."),
                command.Where,
                new Text("Remove one of the two commands.", "Retirez l'une des deux commandes."),
                ExitCode.Usage);
        }
        return Follow(new ScriptSource(MigrationText.ReadText(path, shown), shown), [.. chain, path], baseFolder);
    }
}
