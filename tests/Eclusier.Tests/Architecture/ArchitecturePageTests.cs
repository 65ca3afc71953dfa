using System.Text.RegularExpressions;

namespace Eclusier.Tests.Architecture;

/// <summary>A stranger follows docs/architecture.md: it must lead somewhere, and leave nothing out.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Root = Path.GetDirectoryName(SourceProject.Sources())!;

    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "architecture.md"));

    [Fact]
    public void Every_path_exists()
    {
        var paths = Paths(Page);

        Assert.NotEmpty(paths);
        Assert.Equal([], paths.Where(path => !Path.Exists(Path.Combine(Root, path))));
    }

    [Theory]
    [InlineData("CONTRIBUTING.md", "")]
    [InlineData("SECURITY.md", "")]
    [InlineData("README.md", "")]
    [InlineData("docs/schemas/README.md", "docs/schemas")]
    public void Every_link_of_a_page_for_the_next_hand_leads_somewhere(string page, string folder) =>
        Assert.Equal([], Paths(File.ReadAllText(Path.Combine(Root, page)), folder).Where(path => !Path.Exists(Path.Combine(Root, path))));

    [Theory]
    [InlineData("Eclusier")]
    [InlineData("Eclusier.Postgres")]
    [InlineData("Eclusier.Mongo")]
    [InlineData("Eclusier.Cli")]
    public void Every_folder_is_there(string project)
    {
        var links = Links(Page, "docs").ToHashSet(StringComparer.Ordinal);
        var folders = Directory.EnumerateDirectories(Path.Combine(Root, "src", project), "*", SearchOption.AllDirectories)
            .Where(folder => Directory.EnumerateFiles(folder).Any())
            .Select(folder => Path.GetRelativePath(Root, folder).Replace('\\', '/'))
            .Where(folder => folder.Split('/')[2] is not ("bin" or "obj"));

        Assert.Equal([], folders.Except(links, StringComparer.Ordinal));
    }

    [Fact]
    public void The_layers_are_those_that_are_kept()
    {
        var drawn = Layers().Match(Page).Groups["layers"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse();

        Assert.Equal(LayersTests.Core.Select(level => string.Join(' ', level.Order(StringComparer.Ordinal))), drawn);
    }

    /// <summary>What is linked to, and what is named as code and begins like a path of this repository. A name with a placeholder in it is no path.</summary>
    private static IReadOnlyList<string> Paths(string page, string folder = "docs") =>
        [.. Links(page, folder).Concat(Named().Matches(page).Select(found => found.Groups["path"].Value)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Links(string page, string folder) =>
        from found in Link().Matches(page)
        let target = found.Groups["target"].Value
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        select Path.GetRelativePath(Root, Path.Combine(Root, folder, target)).Replace('\\', '/');

    /// <summary>Without what follows a <c>#</c>.</summary>
    [GeneratedRegex(@"\]\((?<target>[^)#\s]*)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(src|tests|docs|tools|examples|bench)/[^`<>*\s]+)`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Named();

    [GeneratedRegex(@"^```text layers\n(?<layers>[^`]+)```", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex Layers();
}
