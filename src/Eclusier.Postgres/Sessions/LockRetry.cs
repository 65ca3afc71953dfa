using System.Diagnostics;
using Eclusier.Engines;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>Steps back when a lock cannot be had in time, lets the application through, and tries again, until the policy's patience ends.</summary>
internal sealed class LockRetry(NpgsqlConnection connection, Step step, ApplyOptions options, ServerWatch watch)
{
    /// <summary>How often it stepped back.</summary>
    public int Retries { get; private set; }

    /// <param name="attempt">What is tried as a whole; nothing of it stays when it fails.</param>
    /// <param name="onStepBack">Told before each further attempt.</param>
    /// <exception cref="StatementFailed">The server's refusal, when trying again does not help or has taken too long.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop while it waited.</exception>
    public async Task RunAsync(Func<Task> attempt, Action? onStepBack = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var number = 1; ; number++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (StatementFailed failure)
            {
                await LeaveAsync();
                if (options.Stop.IsCancellationRequested && failure.Error.SqlState == PostgresErrorCodes.QueryCanceled)
                    throw new OperationCanceledException(failure.Message, failure, options.Stop);
                if (!failure.IsTransient || Stopwatch.GetElapsedTime(started) >= options.Policy.RetryFor)
                    throw;
                onStepBack?.Invoke();
                await StepBackAsync(failure, number);
            }
        }
    }

    /// <summary>What the server says meanwhile is said of no statement of the file's: there may be no transaction to end, for one.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>After a refusal: nothing of the attempt is left, neither in the database nor in the session.</summary>
    public async Task LeaveAsync()
    {
        IsLeaving = true;
        await connection.ExecuteAsync("rollback", CancellationToken.None);
        foreach (var command in FileSession.Leaving(connection))
            await connection.ExecuteAsync(command.CommandText, CancellationToken.None);
        IsLeaving = false;
    }

    /// <summary>Full jitter, so that two who wait for each other do not meet again.</summary>
    private async Task StepBackAsync(StatementFailed failure, int number)
    {
        Retries++;
        var blocker = watch.Blockers is { } blockers ? new Text($", blocked by {blockers.En}", $", bloquée par {blockers.Fr}") : Text.Same("");
        options.Waiting?.Invoke(new Text(
            $"{step.Migration}: {failure.Error.MessageText}{blocker.En}; nothing is held meanwhile, attempt {number + 1} follows",
            $"{step.Migration} : {failure.Error.MessageText}{blocker.Fr} ; rien n'est retenu entre-temps, essai {number + 1} à suivre"));
        var ceiling = Math.Min(10_000, 100 * Math.Pow(2, Math.Min(number, 10)));
        await Task.Delay(TimeSpan.FromMilliseconds(50 + (options.Random.NextDouble() * ceiling)), options.Stop);
    }
}
