using System.Diagnostics;

namespace Eclusier.Runs;

/// <summary>Runs the runbook's hooks in a shell.</summary>
internal static class HookRunner
{
    /// <param name="log">File that the command's output is added to, redacted.</param>
    public static async Task<HookResult> RunAsync(string command, string workingDirectory, string log, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await ChildProcess.RunAsync("sh", ["-c", command], null, cancellationToken, workingFolder: workingDirectory);
        await File.AppendAllTextAsync(log, Secrets.Redact($"$ {command}\n{result.Output}{result.Error}"), cancellationToken);
        return new HookResult(Secrets.Redact(command), result.ExitCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
