using System.Diagnostics;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// Applies one migration. Where its statements permit, they and the tracking row are one transaction; a migration with
/// a statement that cannot run in a transaction goes statement by statement, and its row follows.
/// </summary>
internal sealed class StepRunner(DatabaseUrl url, NpgsqlConnection connection, TrackingTable tracking, Step step, ApplyOptions options, bool endsWithItsClient, StatementTracer? tracer)
{
    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var watch = ServerWatch.Start(url, connection.ProcessID, step.Migration, options.Waiting);
        var sender = new StatementSender(connection, options);
        var retry = new LockRetry(connection, step, options, watch);
        var settings = new SessionSettings(options.Policy, endsWithItsClient);
        IReadOnlyList<PartitionResult> partitioned = [];
        StepResult Result(StepStatus status) => StepResult.Of(step, status) with
        {
            DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1),
            LockRetries = retry.Retries,
            Statements = [.. sender.Timings],
            Partitioned = partitioned,
        };

        try
        {
            if (step.Transactional)
            {
                await retry.RunAsync(() => new TransactionalStep(connection, sender, tracking, step, options, settings, tracer).RunAsync(cancellationToken), cancellationToken);
                return Result(StepStatus.Applied);
            }

            var separate = new SeparateStatements(connection, sender, tracking, step, options, settings, retry, tracer);
            await separate.RunAsync(cancellationToken);
            partitioned = separate.Partitioned;
            return Result(StepStatus.Applied);
        }
        catch (StatementFailed failure)
        {
            var error = SqlErrors.Describe(failure.Error, failure.Statement, step.File) with { BlockedBy = failure.IsTransient ? watch.Blockers : null };
            if (step.Kind != Step.Rollback)
                await tracking.Layout.RecordFailureAsync(connection, tracking, step, options.ExecutedBy, error.Message, cancellationToken);
            return Result(StepStatus.Failed) with { Error = error };
        }
    }
}
