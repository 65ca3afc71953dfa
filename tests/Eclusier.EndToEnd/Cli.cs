using System.Diagnostics;

namespace Eclusier.EndToEnd;

internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}

/// <summary>The program itself, as a user starts it.</summary>
internal static class Cli
{
    /// <summary>What <c>./test</c> built to be shipped; without it, what was built beside the tests.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("ECLUSIER_PROGRAM") is { Length: > 0 } program ? program : Path.Combine(AppContext.BaseDirectory, "Eclusier.Cli");

    /// <summary>Whether <c>./test --all</c> asked for what takes long and shows little more.</summary>
    public static bool RunsAll => Environment.GetEnvironmentVariable("ECLUSIER_TESTS") == "all";

    public static void SkipUnlessAll(bool takesLong) => Assert.SkipWhen(takesLong && !RunsAll, "Run with ./test --all.");

    /// <summary>What it prints as JSON fits its schema, whatever the test is about.</summary>
    public static async Task<CliResult> RunAsync(string[] arguments, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        using var process = Start(arguments, folder, environment);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = new CliResult(process.ExitCode, await output, await error);
        OutputSchemas.Check(arguments, result.Output);
        return result;
    }

    public static Process Start(string[] arguments, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
