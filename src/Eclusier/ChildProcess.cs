using System.ComponentModel;
using System.Diagnostics;

namespace Eclusier;

/// <param name="StandardError">Redacted.</param>
public sealed record ChildResult(int ExitCode, string StandardOutput, string StandardError);

/// <summary>Other people's programs. Secrets go through the environment, never through arguments, which every user can list.</summary>
public static class ChildProcess
{
    /// <summary>Runs a program to its end; a cancelled token kills it and its children.</summary>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static async Task<ChildResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken,
        string? workingDirectory = null)
    {
        using var process = Start(file, arguments, environment, workingDirectory);
        process.StandardInput.Close();
        await using var killed = cancellationToken.Register(static child => Kill((Process)child!), process);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        var result = new ChildResult(process.ExitCode, await output, Secrets.Redact(await error));
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Starts a program whose output the caller reads as it comes.</summary>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static Process Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new FileNotFoundException(file);
        }
        catch (Win32Exception error)
        {
            throw new FileNotFoundException($"{file} could not be started: {error.Message}", file, error);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
        }
    }
}
