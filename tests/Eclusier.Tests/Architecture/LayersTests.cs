using System.Text.RegularExpressions;

namespace Eclusier.Tests.Architecture;

/// <summary>What docs/architecture.md draws.</summary>
public sealed partial class LayersTests
{
    /// <summary>The core's folders, the lowest first. A folder names those of earlier lines only.</summary>
    internal static readonly string[][] Core =
    [
        ["Redaction"],
        ["Values"],
        ["Faults"],
        ["Files"],
        ["Planning"],
        ["Runbooks"],
        ["Catalog"],
        ["Evidence"],
        ["Engines"],
        ["Reports"],
        ["Snapshots"],
        ["Runs"],
        ["Backups"],
        ["Inspections"],
        ["Checks"],
        ["Decisions"],
        ["Baselines"],
        ["Rehearsals"],
        ["Rollbacks", "Comparisons", "Maintenance", "Watching"],
        ["Migrations"],
    ];

    [Fact]
    public void In_the_core_nothing_points_up()
    {
        var layer = Core.Index().SelectMany(level => level.Item.Select(folder => (folder, level.Index))).ToDictionary(StringComparer.Ordinal);
        var core = SourceProject.Read("Eclusier");

        Assert.Equal(layer.Keys.Order(StringComparer.Ordinal), core.Files.Select(file => file.Folder).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal([], core.References().Where(found => layer[found.From] <= layer[found.To]).Select(found => $"{found.File} names {found.To}"));
    }

    [Theory]
    [InlineData("Eclusier")]
    [InlineData("Eclusier.Postgres")]
    [InlineData("Eclusier.Mongo")]
    [InlineData("Eclusier.Cli")]
    public void No_folder_needs_one_that_needs_it(string project)
    {
        var references = SourceProject.Read(project).References().ToList();
        // What names nobody any more is taken away, until nothing is left, or a circle.
        while (references.Exists(found => references.TrueForAll(other => other.From != found.To)))
            references.RemoveAll(found => references.TrueForAll(other => other.From != found.To));

        Assert.Equal([], references.Select(found => $"{found.From} -> {found.To} ({found.File})"));
    }

    [Theory]
    [InlineData("Eclusier", "Eclusier.Postgres", "Eclusier.Mongo", "Eclusier.Cli", "Npgsql", "MongoDB", "Spectre")]
    [InlineData("Eclusier.Postgres", "Eclusier.Mongo", "Eclusier.Cli", "MongoDB")]
    [InlineData("Eclusier.Mongo", "Eclusier.Postgres", "Eclusier.Cli", "Npgsql")]
    public void A_project_names_none_that_stands_above_or_beside_it(string project, params string[] others) =>
        Assert.Equal([], from file in SourceProject.Read(project).Files
                         from other in others
                         where file.Text.Contains(other, StringComparison.Ordinal)
                         where Regex.IsMatch(file.Text, $@"^\s*(global )?using (static )?(\w+ = )?{Regex.Escape(other)}\b|(?<![\w.]){Regex.Escape(other)}\.\w", RegexOptions.Multiline, TimeSpan.FromSeconds(10))
                         select $"{file.Path} names {other}");

    [Theory]
    [InlineData("Eclusier")]
    [InlineData("Eclusier.Postgres")]
    [InlineData("Eclusier.Mongo")]
    [InlineData("Eclusier.Cli")]
    public void A_file_s_namespace_is_its_folder(string project) =>
        Assert.Equal([], from file in SourceProject.Read(project).Files
                         let name = Namespace().Match(file.Text)
                         let folder = Path.GetDirectoryName(file.Path)!.Replace('/', '.')
                         where name.Success && name.Groups["name"].Value != (folder.Length == 0 ? project : $"{project}.{folder}")
                         select $"{file.Path} is in {name.Groups["name"].Value}");

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex Namespace();
}
