using System.Diagnostics;

namespace Eclusier.EndToEnd;

/// <summary>What a shell, a packager and a reader of bug reports ask the program for.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eclusier-shell-");

    public ShellTests() => File.CreateSymbolicLink(Path.Combine(_folder.FullName, "eclusier"), Cli.Program);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("eclusier mi", "migrate")]
    [InlineData("eclusier demo daz", "daznode-crm")]
    [InlineData("eclusier rollback --in", "--in-place")]
    [InlineData("eclusier completion f", "fish")]
    [InlineData("eclusier there-is-no-such x", "")]
    public async Task Bash_completes_commands_options_and_values(string line, string expected)
    {
        var script = (await Cli.RunAsync(["completion", "bash"], _folder.FullName, Environment())).Output;
        // As bash calls it: the words, where the cursor is, and the whole line.
        var words = line.Split(' ');
        var asked = $"{script}\nCOMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}) COMP_CWORD={words.Length - 1}\n_eclusier\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"";

        var (exitCode, output) = await BashAsync(asked);

        Assert.Equal(0, exitCode);
        Assert.Equal(expected, output.Trim());
    }

    [Fact]
    public async Task The_manual_names_every_command_and_every_exit_code_in_both_languages()
    {
        var english = await Cli.RunAsync(["manual"], _folder.FullName, Environment());
        var french = await Cli.RunAsync(["manual", "--lang", "fr"], _folder.FullName, Environment());

        Assert.Equal((0, 0), (english.ExitCode, french.ExitCode));
        foreach (var command in new[] { "init", "inspect", "status", "lint", "diff", "baseline", "plan", "backup", "rehearse", "migrate", "verify", "rollback", "report", "watch", "maintain", "demo", "completion" })
            Assert.Matches($@"(?m)^\.SS {command}( |$)", english.Output);
        foreach (var code in new[] { 0, 1, 2, 3, 4, 5, 6, 7, 130 })
            Assert.Contains($".TP\n\\fB{code}\\fR\n", english.Output, StringComparison.Ordinal);
        Assert.Contains("\\-\\-approve", english.Output, StringComparison.Ordinal);
        Assert.Contains(".SH CODE DE RETOUR", french.Output, StringComparison.Ordinal);
        Assert.Equal(english.Output.Split('\n').Count(line => line.StartsWith(".TP", StringComparison.Ordinal)), french.Output.Split('\n').Count(line => line.StartsWith(".TP", StringComparison.Ordinal)));
        // A line that begins with a dot is a request; none of ours is another than these.
        Assert.All(english.Output.Split('\n').Where(line => line is ['.' or '\'', ..]), line => Assert.Matches(@"^\.(TH|SH|SS|TP|B|I)( |$)", line));
    }

    [Fact]
    public async Task The_version_tells_the_grammar_the_drivers_and_what_it_finds_here()
    {
        var found = await Cli.RunAsync(["--version"], _folder.FullName, Environment());
        var missing = await Cli.RunAsync(["--version"], _folder.FullName, new Dictionary<string, string?>(Environment(), StringComparer.Ordinal) { ["ECLUSIER_POSTGRES_BIN"] = _folder.FullName, ["LANG"] = "fr_FR.UTF-8" });

        Assert.Equal((0, 0), (found.ExitCode, missing.ExitCode));
        Assert.Matches(@"^eclusier \d+\.\d+\.\d+\n", found.Output);
        Assert.Matches(@"(?m)^  grammar    PostgreSQL 1[5-9]$", found.Output);
        Assert.Matches(@"(?m)^  drivers    Npgsql \d+\.\d+\.\d+, MongoDB\.Driver \d+\.\d+\.\d+$", found.Output);
        Assert.Matches(@"(?m)^  pg_dump    \d+\.\d+, /", found.Output);
        Assert.Matches("(?m)^  pg_dump    introuvable", missing.Output);
    }

    [Theory]
    [InlineData("meeshy")]
    [InlineData("sunup")]
    public async Task A_demo_with_an_application_says_that_it_needs_the_sdk(string system)
    {
        var result = await Cli.RunAsync(["demo", system], _folder.FullName, new Dictionary<string, string?>(Environment(), StringComparer.Ordinal) { ["PATH"] = _folder.FullName, ["DOTNET_ROOT"] = DotnetRoot() });

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("the .NET SDK", result.Error, StringComparison.Ordinal);
        Assert.Contains("bilan-competence", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, ".eclusier")));
    }

    /// <summary>Where the program runs on .NET it must find it without PATH.</summary>
    private static string DotnetRoot() => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static Dictionary<string, string?> Environment() => new(StringComparer.Ordinal) { ["LC_ALL"] = null, ["LC_MESSAGES"] = null, ["LANG"] = "en_US.UTF-8" };

    private async Task<(int ExitCode, string Output)> BashAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script]) { UseShellExecute = false, WorkingDirectory = _folder.FullName, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.FullName}:{System.Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
