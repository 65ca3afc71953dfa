using System.Diagnostics;
using System.Text;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Redaction;

namespace Eclusier.Runs;

/// <summary>Runs the runbook's hooks in a shell.</summary>
internal static class HookRunner
{
    /// <returns>False when one failed; those after it were not run.</returns>
    public static async Task<bool> RunAllAsync(RunContext run, IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        foreach (var command in commands)
        {
            run.Observer.Progress(Text.Same(Secrets.Redact(command)));
            var hook = await RunAsync(command, run.Runbook.Directory, Path.Combine(run.Folder, "hooks.log"), cancellationToken);
            run.Write(new JournalEntry { Event = RunEvent.Hook, Hook = hook });
            if (hook.ExitCode == 0)
                continue;
            run.Problem(new Text(
                $"Hook `{hook.Command}` ended with exit code {hook.ExitCode}; its output is in hooks.log in the run's folder. The hooks after it were not run.",
                $"Le hook `{hook.Command}` s'est terminé avec le code {hook.ExitCode} ; sa sortie est dans hooks.log, dans le dossier de l'exécution. Les hooks suivants n'ont pas été lancés."));
            return false;
        }

        return true;
    }

    /// <param name="log">File that the command's output is added to, redacted.</param>
    private static async Task<HookResult> RunAsync(string command, string workingDirectory, string log, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await ChildProcess.RunAsync("sh", ["-c", command], null, cancellationToken, workingFolder: workingDirectory);
        await using (var file = OwnerOnly.Open(log, FileMode.Append))
            await file.WriteAsync(Encoding.UTF8.GetBytes(Secrets.Redact($"$ {command}\n{result.Output}{result.Error}")), cancellationToken);
        return new HookResult(Secrets.Redact(command), result.ExitCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
