using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Eclusier.Redaction;

namespace Eclusier.Files;

/// <summary>What a program said and how it ended.</summary>
public sealed record ChildResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines of the error output (of the output, when there are none), without secrets: what a user should see of a failure.</summary>
    public string LastLines(int count = 5)
    {
        var text = string.IsNullOrWhiteSpace(Error) ? Output : Error;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Secrets.Redact(string.Join('\n', lines.TakeLast(count)));
    }
}

/// <summary>Runs other programs: <c>pg_dump</c>, <c>initdb</c>, <c>rclone</c>.</summary>
public static class ChildProcess
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Runs a program to its end and captures what it writes. Cancelling kills it with all its children.
    /// Secrets belong into <paramref name="environment"/> or <paramref name="input"/>: everybody can read a command line.
    /// </summary>
    /// <param name="file">A path, or a name to be found on PATH.</param>
    /// <param name="environment">Added to this process's own environment; null as a value removes a variable.</param>
    /// <param name="input">Written to its standard input, which is then closed.</param>
    /// <exception cref="InvalidInputException">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the program is gone.</exception>
    public static async Task<ChildResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment,
        CancellationToken cancellationToken,
        string? input = null,
        string? workingFolder = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(StartInfo(file, arguments, environment, workingFolder));
        try
        {
            // Both pipes are read while the program runs: one that is full would stop it for ever.
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            await Task.WhenAll(output, error, process.WaitForExitAsync(cancellationToken));
            // Ctrl-C reaches the child, too, and may end it before this process notices its own cancellation.
            if (process.ExitCode != 0)
                cancellationToken.ThrowIfCancellationRequested();
            return new ChildResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Runs a program whose output is too large to keep, and copies it to <paramref name="into"/> as it comes.</summary>
    /// <returns>A result without output.</returns>
    /// <exception cref="InvalidInputException">There is no such program.</exception>
    public static async Task<ChildResult> StreamAsync(
        string file, IEnumerable<string> arguments, Stream into, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken)
    {
        using var process = Start(StartInfo(file, arguments, environment, workingFolder: null));
        try
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.BaseStream.CopyToAsync(into, 1 << 20, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ChildResult(process.ExitCode, "", await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static ProcessStartInfo StartInfo(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, string? workingFolder)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            UseShellExecute = false,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        }
        catch (Win32Exception e)
        {
            throw new InvalidInputException(
                new Text($"The program {start.FileName} cannot be started: {e.Message}", $"Le programme {start.FileName} ne peut pas être lancé : {e.Message}"),
                null,
                new Text($"Install {start.FileName}, or put it on PATH.", $"Installez {start.FileName}, ou ajoutez-le au PATH."),
                e);
        }
    }

    private static async Task WriteAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code says why.
        }
    }
}
