using System.Diagnostics;
using Eclusier.Redaction;

namespace Eclusier.Files;

/// <summary>
/// A shell that owns a throwaway server: it makes it, and when this process ends, in whatever way, it stops the server and removes its folder.
/// It notices because it reads from a pipe whose other end only this process holds (.NET opens it close-on-exec).
/// It has a session of its own and is nobody's child, so that neither Ctrl-C nor a signal to our process group or process tree reaches it.
/// </summary>
public sealed class OwningShell : IAsyncDisposable
{
    private readonly Process _shell;

    private OwningShell(Process shell) => _shell = shell;

    /// <param name="script">For <c>sh</c>. It reads commands line by line, answers each with a line, and cleans up when there are no more.</param>
    /// <param name="environment">Added to this process's own environment; null as a value removes a variable.</param>
    public static OwningShell Start(string script, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        string[] command = ["sh", "-c", script];
        const string setsid = "/usr/bin/setsid";
        var line = File.Exists(setsid) ? [setsid, "--fork", .. command] : command;
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new OwningShell(Process.Start(start) ?? throw new InvalidOperationException("sh did not start"));
    }

    /// <summary>The last lines that its commands left in <c>error.log</c> of the server's folder, without secrets.</summary>
    public static Text Failure(string folder)
    {
        var log = Path.Combine(folder, "error.log");
        return File.Exists(log)
            ? Text.Same(Secrets.Redact(string.Join('\n', File.ReadAllLines(log).Where(line => line.Length > 0).TakeLast(5))))
            : new Text("its folder cannot be created.", "son dossier ne peut pas être créé.");
    }

    /// <returns>What the shell says next; null when it has ended.</returns>
    public async Task<string?> AnswerAsync(CancellationToken cancellationToken) => await _shell.StandardOutput.ReadLineAsync(cancellationToken);

    /// <returns>The answer; null when the shell has ended.</returns>
    public async Task<string?> AskAsync(string command, CancellationToken cancellationToken)
    {
        await _shell.StandardInput.WriteLineAsync(command.AsMemory(), cancellationToken);
        await _shell.StandardInput.FlushAsync(cancellationToken);
        return await AnswerAsync(cancellationToken);
    }

    /// <summary>Lets the shell clean up, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell has ended already.
        }
        // The end of its output is the end of the shell; the process we started, setsid, ended long ago.
        await _shell.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _shell.Dispose();
    }
}
