using System.Diagnostics;

namespace Eclusier.EndToEnd;

/// <summary>The script that runs a checkout, whose first start builds it.</summary>
public sealed class LauncherTests : IDisposable
{
    /// <summary>Builds nothing but a program that says with what it was started.</summary>
    private const string BuildsNothing = """
        #!/bin/sh
        while [ $# -gt 0 ]; do
          if [ "$1" = -o ]; then printf '#!/bin/sh\necho "started: $*"\n' >"$2/Eclusier.Cli"; chmod +x "$2/Eclusier.Cli"; fi
          shift
        done
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>macOS has neither of the two.</summary>
    [Theory]
    [InlineData("--version")]
    [InlineData("plan")]
    public async Task It_builds_and_runs_without_flock_and_ldconfig(string command)
    {
        var (checkout, programs) = (Directory.CreateDirectory(PathOf("checkout")).FullName, Directory.CreateDirectory(PathOf("programs")).FullName);
        var root = Path.GetFullPath(Path.Combine(Examples.Folder("bilan-competence"), "..", ".."));
        foreach (var file in Directory.GetFiles(Path.Combine(root, "tools")).Append(Path.Combine(root, "eclusier")))
        {
            var copy = Path.Combine(checkout, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var source in new[] { "src", "examples" })
            Directory.CreateDirectory(Path.Combine(checkout, source));
        foreach (var source in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
            File.WriteAllText(Path.Combine(checkout, source), "");
        string[] without = ["flock", "ldconfig", "dotnet", "gcc", "clang", "sudo", "apt-get"];
        string[] folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
        foreach (var program in folders.Where(Directory.Exists).SelectMany(Directory.GetFiles).DistinctBy(Path.GetFileName).ExceptBy(without, Path.GetFileName))
            File.CreateSymbolicLink(Path.Combine(programs, Path.GetFileName(program)), program);
        File.WriteAllText(Path.Combine(programs, "dotnet"), BuildsNothing);
        File.SetUnixFileMode(Path.Combine(programs, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var (exitCode, output, error) = await StartAsync(checkout, programs, command);

        Assert.True(exitCode == 0, error);
        Assert.Equal($"started: {command}\n", output);
        Assert.DoesNotContain("not found", error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private async Task<(int ExitCode, string Output, string Error)> StartAsync(string checkout, string programs, string command)
    {
        var start = new ProcessStartInfo(Path.Combine(programs, "sh"), [Path.Combine(checkout, "eclusier"), command])
        {
            UseShellExecute = false,
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = programs;
        // Nothing is to be installed where the distribution's own library is missing.
        var installed = Directory.GetDirectories("/usr/lib").Any(folder => Directory.GetFiles(folder, "libpg_query*").Length > 0);
        start.Environment["ECLUSIER_LIBPG_QUERY"] = installed ? null : "given";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
