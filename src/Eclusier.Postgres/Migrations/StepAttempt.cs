using System.Diagnostics;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sessions;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>What every step goes through: it is watched, steps back for locks, and a refusal of the server's becomes its result.</summary>
internal sealed class StepAttempt(DatabaseUrl url, NpgsqlConnection connection, Step step, ApplyOptions options)
{
    /// <param name="work">Applies it.</param>
    /// <param name="refused">Told of a refusal, once nothing of the attempt is left.</param>
    public async Task<StepResult> RunAsync(Func<StatementSender, LockRetry, Task> work, Func<StepError, Task> refused)
    {
        var started = Stopwatch.GetTimestamp();
        await using var watch = ServerWatch.Start(url, connection.ProcessID, step.Migration, options.Waiting, options.Stop);
        var sender = new StatementSender(connection, options);
        var retry = new LockRetry(connection, step, options, watch);
        StepResult Result(StepStatus status) => StepResult.Of(step, status) with
        {
            DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1),
            LockRetries = retry.Retries,
            Statements = [.. sender.Timings],
        };

        void Tell(object origin, NpgsqlNoticeEventArgs notice)
        {
            if (!retry.IsLeaving)
                options.Waiting?.Invoke(Said(notice.Notice));
        }

        connection.Notice += Tell;
        try
        {
            await work(sender, retry);
            return Result(StepStatus.Applied);
        }
        catch (StatementFailed failure)
        {
            var error = SqlErrors.Describe(failure.Error, failure.Statement, step.File) with { BlockedBy = failure.IsTransient ? watch.Blockers : null };
            await refused(error);
            return Result(StepStatus.Failed) with { Error = error };
        }
        finally
        {
            connection.Notice -= Tell;
        }
    }

    /// <summary>What the server or a function of the migration says meanwhile, as psql would show it.</summary>
    private Text Said(PostgresNotice said) =>
        Text.Same(Secrets.Redact(string.Join(' ', new[] { $"{step.Migration}: {said.Severity}: {said.MessageText}", said.Detail, said.Hint }.OfType<string>())));
}
