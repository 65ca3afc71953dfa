using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Migrations.Backfills;
using Eclusier.Postgres.Partitions;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// A migration that cannot be one transaction: its statements, or the transactions that it opens by itself, run one by one, and after each
/// it is on record how far it has come. What permits it is a transaction together with that record; what does not is looked up in the catalog.
/// </summary>
internal sealed class SeparateStatements(StepContext step)
{
    private readonly PartitionRun _partitions = new(step);

    /// <summary>Of the tables that were partitioned.</summary>
    public IReadOnlyList<PartitionResult> Partitioned => _partitions.Proofs;

    private IReadOnlyList<Statement> Statements => step.Step.Statements;

    /// <exception cref="StatementFailed">The server refused; what ran before it stays, and is on record.</exception>
    /// <exception cref="EclusierException">The file no longer begins with what has run, or nobody can tell how far it came.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        step.Sender.Forget();
        var progress = await StepProgress.OpenAsync(step.Connection, step.Tracking, step.Step, cancellationToken);
        await step.Session.OpenAsync(Statements, progress.Settings, cancellationToken);
        await SessionObjects.MakeAgainAsync(step, progress.Done, cancellationToken);
        var started = await step.Connection.ScalarAsync<DateTime>("select clock_timestamp()", cancellationToken);
        for (var done = progress.Done; done < Statements.Count;)
        {
            step.Options.Stop.ThrowIfCancellationRequested();
            done += await NextAsync(done, done == progress.Done ? progress : null, cancellationToken);
        }

        await step.Retry.RunAsync(() => RecordAsync(started, cancellationToken));
    }

    private async Task RecordAsync(DateTime started, CancellationToken cancellationToken)
    {
        var forget = await StepProgress.ForgetAsync(step.Connection, step.Tracking, step.Step, cancellationToken);
        await step.Sender.SendAsync(
            [
                (new("begin"), null),
                .. step.Tracking.Recording(step.Step, step.Options.ExecutedBy, $"timestamptz '{started:O}'"),
                (forget, null),
                (new("commit"), null),
                (new("discard temp"), null),
            ],
            cancellationToken);
    }

    /// <param name="done">Statements that have run.</param>
    /// <param name="progress">How far an attempt before this one has come with the next one; null where there was none.</param>
    /// <returns>How many statements have run by this.</returns>
    private async Task<int> NextAsync(int done, StepProgress? progress, CancellationToken cancellationToken)
    {
        var statement = Statements[done];
        if (FileTransaction.At(Statements, done) is { } transaction)
        {
            await step.Retry.RunAsync(() => transaction.RunAsync(step, cancellationToken));
            return transaction.Length;
        }

        if (statement.Control is not null)
            await step.Sender.SendAsync([(StepProgress.Advance(step.Tracking, step.Step, done + 1, step.Session.Settings), null)], cancellationToken);
        else if (statement.Partition is { Phase: PartitionPhase.Copy })
            await InBatchesAsync(await _partitions.BatchedAsync(statement, cancellationToken), done + 1, progress, cancellationToken);
        else if (statement.Partition is not null)
            await _partitions.RunAsync(statement, done + 1, cancellationToken);
        else if (statement.Batch is not null)
            await InBatchesAsync(statement, done + 1, progress, cancellationToken);
        else
            await step.Retry.RunAsync(() => OneAsync(statement, done + 1, progress, cancellationToken));
        return 1;
    }

    private async Task InBatchesAsync(Statement statement, int done, StepProgress? progress, CancellationToken cancellationToken)
    {
        await new Backfill(step).RunAsync(statement, progress?.Statement == StepProgress.Mark(statement) ? progress : null);
        await step.Sender.SendAsync([(StepProgress.Advance(step.Tracking, step.Step, done, step.Session.Settings), null)], cancellationToken);
    }

    private async Task OneAsync(Statement statement, int done, StepProgress? progress, CancellationToken cancellationToken)
    {
        var outside = new OutsideTransaction(step, statement, done);
        if (!statement.Transactional)
        {
            await outside.RunAsync(progress, cancellationToken);
            return;
        }

        try
        {
            await InOwnTransactionAsync(statement, done, cancellationToken);
        }
        catch (StatementFailed refused) when (OutsideTransaction.CommitsByItself(statement) && refused.Error.SqlState == PostgresErrorCodes.InvalidTransactionTermination)
        {
            // Inside of a transaction it may not commit, and nothing of it stays; what it calls could not be seen from here.
            await step.Retry.LeaveAsync();
            await outside.RunAsync(progress, cancellationToken);
        }
    }

    private async Task InOwnTransactionAsync(Statement statement, int done, CancellationToken cancellationToken)
    {
        var timeouts = step.Timeouts.Values(statement, step.Session.Settings);
        await step.Session.EnterAsync(cancellationToken);
        await step.Sender.SendAsync([(new("begin"), null), .. SessionSettings.Commands("set local", timeouts)], cancellationToken);
        if (step.Tracer is not null)
            await step.Tracer.BeginAsync(cancellationToken);
        if (InvalidIndexes.MayHide(statement) && await InvalidIndexes.DropForAsync(step.Connection, statement, cancellationToken) is { } drop)
            await step.Sender.SendAsync([(new(drop), null)], cancellationToken);
        await step.Sender.SendAsync([(new(statement.Sql), statement)], cancellationToken);
        if (step.Tracer is not null)
            step.Sender.Traced(await step.Tracer.LookAsync(cancellationToken));
        await step.Session.LookAsync(timeouts, cancellationToken);
        await step.Sender.SendAsync([TransactionBody.CheckDeferred, .. step.Session.Ending(StepProgress.Advance(step.Tracking, step.Step, done, step.Session.Settings))], cancellationToken);
    }
}
