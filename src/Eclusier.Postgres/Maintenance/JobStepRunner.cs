using Eclusier.Planning;
using Eclusier.Postgres.Migrations;
using Eclusier.Runs;
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
                await retry.RunAsync(() => TogetherAsync(sender, step.Statements, cancellationToken), cancellationToken);
            else
                await OneByOneAsync(sender, retry, cancellationToken);
            await connection.ExecuteAsync("reset all", cancellationToken);
        },
        _ => Task.CompletedTask);

    private async Task OneByOneAsync(StatementSender sender, LockRetry retry, CancellationToken cancellationToken)
    {
        foreach (var statement in step.Statements)
        {
            options.Stop.ThrowIfCancellationRequested();
            await retry.RunAsync(
                () => statement.Transactional ? TogetherAsync(sender, [statement], cancellationToken) : OutsideTransactionAsync(sender, statement, cancellationToken),
                cancellationToken);
        }
    }

    private Task TogetherAsync(StatementSender sender, IReadOnlyList<Statement> statements, CancellationToken cancellationToken) => sender.SendAsync(
        [
            (new("begin"), null),
            .. _settings.Of("set local", options.Policy.LockTimeout),
            .. statements.Select(statement => (new NpgsqlBatchCommand(statement.Sql), (Statement?)statement)),
            (new("commit"), null),
        ],
        cancellationToken);

    private async Task OutsideTransactionAsync(StatementSender sender, Statement statement, CancellationToken cancellationToken)
    {
        await sender.SendAsync([.. _settings.Of("set", options.Policy.LockTimeout)], cancellationToken);
        try
        {
            if (!await Reentry.IsDoneAsync(connection, statement, started: false, cancellationToken))
                await connection.ExecuteAsync(statement.Sql, cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await Reentry.CleanUpAsync(connection, statement, cancellationToken);
            throw new StatementFailed(error, statement);
        }
    }
}
