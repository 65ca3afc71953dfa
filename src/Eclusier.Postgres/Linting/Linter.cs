using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Linting;

/// <summary>A file and its hazards, those that it allows itself left out.</summary>
/// <param name="Path">As it was given; of an included file, relative to where the paths of <c>\i</c> start from.</param>
/// <param name="Text">The file's text, to show the lines; empty when it could not be read.</param>
public sealed record LintedFile(string Path, string Text, IReadOnlyList<Hazard> Hazards);

/// <summary>Looks at migrations without a database: the worst case. Each file stands alone, because nobody knows which of them the database has.</summary>
public static class Linter
{
    /// <summary>The rule of an allowance that silences nothing.</summary>
    public const string NeedlessAllow = "needless-allow";

    /// <summary>The rule of a file that makes no plan at all.</summary>
    public const string Invalid = "invalid";

    /// <summary>Each file by itself, on all cores; the result is in the order of the files.</summary>
    /// <param name="layout">Whose language the files are in; null: each file's own markers tell.</param>
    public static IReadOnlyList<LintedFile> LintAll(IReadOnlyList<string> paths, string baseFolder, string? layout = null)
    {
        var linted = new IReadOnlyList<LintedFile>[paths.Count];
        Parallel.For(0, paths.Count, index => linted[index] = Lint(paths[index], baseFolder, layout));
        return [.. linted.SelectMany(files => files)];
    }

    /// <param name="baseFolder">Where the paths of <c>\i</c> start from.</param>
    /// <param name="layout">Whose language the file is in; null: its own markers tell.</param>
    /// <returns>The file, and those that it includes.</returns>
    public static IReadOnlyList<LintedFile> Lint(string path, string baseFolder, string? layout = null)
    {
        var source = new ScriptSource("", path);
        try
        {
            source = source with { Text = MigrationText.ReadText(path, path) };
            var read = MigrationText.Read(path, path, baseFolder, MigrationLayouts.Find(layout ?? LayoutDetection.LanguageOf(source.Text))).Parts;
            source = source with { Included = read.Up.Included };
            var script = MigrationScript.Read(read.Up, read.NoTransaction);
            UnsuitableStatement.Refuse(script.Statements.Select(node => node.Statement), path);
            var directives = script.Directives;
            HazardRules.RefuseUnknown(directives, path);
            var found = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal)).Scan(script);
            var open = found.Where(hazard => !directives.Allow.ContainsKey(hazard.Rule)).Concat(Needless(directives, found)).ToArray();
            return [.. source.All().DistinctBy(file => file.File, StringComparer.Ordinal).Select(file => Linted(file, open.Where(hazard => (hazard.IncludedFrom ?? path) == file.File)))];
        }
        catch (EclusierException error)
        {
            return [Linted(source, [AsHazard(error)])];
        }
    }

    private static LintedFile Linted(ScriptSource file, IEnumerable<Hazard> hazards) =>
        new(file.File!, file.Text, [.. hazards.OrderBy(hazard => hazard.Line).ThenBy(hazard => hazard.Column)]);

    /// <summary>Migrations among the given files; of a folder, all of its <c>.sql</c> files and those below it, without those that undo others.</summary>
    /// <exception cref="EclusierException">There is no such file or folder, or no migration in it.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        var files = paths.SelectMany(path => Directory.Exists(path) ? InFolder(path) : File.Exists(path) ? [path] : throw Missing(path)).ToArray();
        return files.Length > 0 ? files : throw Missing(string.Join(", ", paths));
    }

    private static IEnumerable<string> InFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetDirectoryName(file) ?? "", StringComparer.Ordinal)
            .SelectMany(files => files.Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal) is var names
                ? files.Where(file => !ForeignFolders.IsUndo(file, names)) : [])
            .Order(StringComparer.Ordinal);

    private static IEnumerable<Hazard> Needless(Directives directives, IReadOnlyList<Hazard> found) =>
        from rule in directives.Allow.Keys
        where found.All(hazard => hazard.Rule != rule)
        let place = directives.AllowedAt[rule]
        select new Hazard(
            NeedlessAllow, Risk.Low, new Text($"{rule} is allowed here, and nothing in the file has it", $"{rule} est autorisé ici, et rien dans le fichier ne le présente"), place.Line, place.Column)
        {
            Remedy = "-- remove the comment",
        };

    /// <summary>The place is the end of the error's own: <c>file:line:column</c>.</summary>
    private static Hazard AsHazard(EclusierException error)
    {
        var place = (error.Where ?? "").Split(':').Reverse().TakeWhile(part => int.TryParse(part, out _)).Select(int.Parse).Reverse().ToArray();
        return new Hazard(Invalid, Risk.High, error.Problem, place is [var line, ..] ? line : 1, place is [_, var column, ..] ? column : 1) { Remedy = $"-- {error.Remedy?.En}" };
    }

    private static EclusierException Missing(string path) => new InvalidInputException(
        new Text("There is no migration there.", "Il n'y a pas de migration à cet endroit."),
        path,
        new Text("Name files, or a folder that holds .sql files.", "Nommez des fichiers, ou un dossier qui contient des fichiers .sql."));
}
