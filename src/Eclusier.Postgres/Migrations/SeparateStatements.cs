using System.Diagnostics;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Migrations.Backfills;
using Eclusier.Postgres.Partitions;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Rehearsals;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// A migration that cannot be one transaction: its statements run one by one, and after each it is on record how far it has come. A
/// statement that permits it is a transaction together with that record; one that does not is looked up in the catalog.
/// </summary>
internal sealed class SeparateStatements(
    NpgsqlConnection connection, StatementSender sender, TrackingTable tracking, Step step, ApplyOptions options, SessionSettings settings, LockRetry retry, StatementTracer? tracer)
{
    private readonly PartitionRun _partitions = new(connection, sender, tracking, step, options, settings, retry, tracer);

    /// <summary>Of the tables that were partitioned.</summary>
    public IReadOnlyList<PartitionResult> Partitioned => _partitions.Proofs;

    /// <exception cref="StatementFailed">The server refused; what ran before it stays, and is on record.</exception>
    /// <exception cref="EclusierException">The file no longer begins with what has run.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        sender.Forget();
        var progress = await StepProgress.OpenAsync(connection, tracking, step, cancellationToken);
        var started = await connection.ScalarAsync<DateTime>("select clock_timestamp()", cancellationToken);
        for (var done = progress.Done; done < step.Statements.Count; done++)
        {
            options.Stop.ThrowIfCancellationRequested();
            var (statement, mayHaveBegun) = (step.Statements[done], progress.Started && done == progress.Done);
            if (statement.Partition is { Phase: PartitionPhase.Copy })
                await InBatchesAsync(await _partitions.BatchedAsync(statement, cancellationToken), done, progress, cancellationToken);
            else if (statement.Partition is not null)
                await _partitions.RunAsync(statement, done + 1, cancellationToken);
            else if (statement.Batch is not null)
                await InBatchesAsync(statement, done, progress, cancellationToken);
            else
                await retry.RunAsync(() => OneAsync(statement, done + 1, mayHaveBegun, cancellationToken), cancellationToken);
        }

        await sender.SendAsync(
            [
                (new("reset session authorization"), null),
                (new("reset role"), null),
                (new("begin"), null),
                .. tracking.Recording(step, options.ExecutedBy, $"timestamptz '{started:O}'"),
                (new(StepProgress.Forget(tracking, step)), null),
                (new("commit"), null),
                (new("reset all"), null),
            ],
            cancellationToken);
        await StepProgress.DropEmptyAsync(connection, tracking, cancellationToken);
    }

    private Task OneAsync(Statement statement, int done, bool mayHaveBegun, CancellationToken cancellationToken) =>
        statement.Transactional ? InOwnTransactionAsync(statement, done, cancellationToken) : OutsideTransactionAsync(statement, done, mayHaveBegun, cancellationToken);

    private async Task InBatchesAsync(Statement statement, int done, StepProgress progress, CancellationToken cancellationToken)
    {
        var from = done == progress.Done ? progress : progress with { Position = null, Until = null };
        await new Backfill(connection, sender, tracking, step, options, settings, retry, tracer).RunAsync(statement, from);
        await connection.ExecuteAsync(StepProgress.Advance(tracking, step, done + 1), cancellationToken);
    }

    private async Task InOwnTransactionAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var timeout = statement.MayBlockWrites ? options.Policy.LockTimeout : TimeSpan.Zero;
        await sender.SendAsync([(new("begin"), null), .. settings.Of("set local", timeout)], cancellationToken);
        if (tracer is not null)
            await tracer.BeginAsync(cancellationToken);
        await sender.SendAsync([(new(statement.Sql), statement)], cancellationToken);
        if (tracer is not null)
            sender.Traced(await tracer.LookAsync(cancellationToken));
        await sender.SendAsync([(new(StepProgress.Advance(tracking, step, done)), null), (new("commit"), null)], cancellationToken);
    }

    private async Task OutsideTransactionAsync(Statement statement, int done, bool mayHaveBegun, CancellationToken cancellationToken)
    {
        var timeout = statement.MayBlockWrites ? options.Policy.LockTimeout : TimeSpan.Zero;
        await sender.SendAsync([.. settings.Of("set", timeout), (new(StepProgress.Begin(tracking, step)), null)], cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            StatementTrace? trace = null;
            if (!await Reentry.IsDoneAsync(connection, statement, mayHaveBegun, cancellationToken))
                trace = await ExecuteAsync(statement, cancellationToken);
            sender.Time(statement, began, trace);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await Reentry.CleanUpAsync(connection, statement, cancellationToken);
            throw new StatementFailed(error, statement);
        }

        await connection.ExecuteAsync(StepProgress.Advance(tracking, step, done), cancellationToken);
    }

    private async Task<StatementTrace?> ExecuteAsync(Statement statement, CancellationToken cancellationToken)
    {
        Task Run() => connection.ExecuteAsync(statement.Sql, cancellationToken);
        if (tracer is not null)
            return await tracer.WatchAsync(Run, cancellationToken);
        await Run();
        return null;
    }
}
