using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Migrations;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>
/// Applies one step of a job. Nothing is recorded in the database: what is left of a job that was cut off is found in the catalog by the next run.
/// </summary>
internal sealed class JobStepRunner(DatabaseUrl url, NpgsqlConnection connection, Step step, ApplyOptions options, bool endsWithItsClient)
{
    private readonly SessionSettings _settings = new(options.Policy, endsWithItsClient);

    public Task<StepResult> RunAsync(CancellationToken cancellationToken) => new StepAttempt(url, connection, step, options).RunAsync(
        async (sender, retry) =>
        {
            if (OrphanBatches.Of(step) is { } orphans)
                await orphans.DeleteAsync(connection, sender, retry, _settings, options);
            else if (step.Transactional)
                await retry.RunAsync(() => TogetherAsync(sender, cancellationToken));
            else
                await OneByOneAsync(sender, retry, cancellationToken);
            await new FileSession(connection).LeaveAsync(cancellationToken);
        },
        _ => Task.CompletedTask);

    private async Task OneByOneAsync(StatementSender sender, LockRetry retry, CancellationToken cancellationToken)
    {
        var session = new FileSession(connection);
        await session.OpenAsync(step.Statements, FileSettings.None, cancellationToken);
        foreach (var statement in step.Statements)
        {
            options.Stop.ThrowIfCancellationRequested();
            await retry.RunAsync(async () =>
            {
                var timeouts = _settings.Values(statement, session.Settings);
                await session.EnterAsync(cancellationToken);
                if (statement.Transactional)
                    await InOwnTransactionAsync(sender, session, statement, timeouts, cancellationToken);
                else
                    await OutsideTransactionAsync(sender, session, statement, timeouts, cancellationToken);
                await session.LeaveAsync(cancellationToken);
            });
        }
    }

    private Task TogetherAsync(StatementSender sender, CancellationToken cancellationToken) => sender.SendAsync(
        [
            (new("begin"), null),
            .. _settings.Of("set local", options.Policy.LockTimeout),
            .. step.Statements.Select(statement => (new NpgsqlBatchCommand(statement.Sql), (Statement?)statement)),
            (new("commit"), null),
        ],
        cancellationToken);

    private static async Task InOwnTransactionAsync(StatementSender sender, FileSession session, Statement statement, IReadOnlyDictionary<string, string> timeouts, CancellationToken cancellationToken)
    {
        await sender.SendAsync([(new("begin"), null), .. SessionSettings.Commands("set local", timeouts), (new(statement.Sql), statement)], cancellationToken);
        await session.LookAsync(timeouts, cancellationToken);
        await sender.SendAsync([(new("commit"), statement)], cancellationToken);
    }

    private async Task OutsideTransactionAsync(StatementSender sender, FileSession session, Statement statement, IReadOnlyDictionary<string, string> timeouts, CancellationToken cancellationToken)
    {
        await sender.SendAsync([.. SessionSettings.Commands("set", timeouts)], cancellationToken);
        try
        {
            if (!await Reentry.IsDoneAsync(connection, statement, started: false, cancellationToken))
                await connection.ExecuteAsync(statement.Sql, cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await Reentry.CleanUpAsync(connection, statement, cancellationToken);
            throw new StatementFailed(error, statement) { HasCommitted = OutsideTransaction.CommitsByItself(statement) };
        }

        await session.LookAsync(timeouts, cancellationToken);
    }
}
