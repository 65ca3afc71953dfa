using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Postgres.Sessions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// Applies one migration. Where its statements permit, they and the tracking row are one transaction; a migration with
/// a statement that cannot run in a transaction goes statement by statement, and its row follows.
/// </summary>
internal sealed class StepRunner(DatabaseUrl url, NpgsqlConnection connection, TrackingTable tracking, Step step, ApplyOptions options, bool endsWithItsClient, StatementTracer? tracer)
{
    /// <exception cref="MigrationFailedException">It cannot be applied, or not go on, as it is now.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop, and nothing of the step stays that is not on record.</exception>
    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        UnsuitableStatement.Refuse(step);
        var settings = new SessionSettings(options.Policy, endsWithItsClient);
        SeparateStatements? separate = null;
        var result = await new StepAttempt(url, connection, step, options).RunAsync(
            (sender, retry) =>
            {
                var context = new StepContext(connection, sender, tracking, step, options, settings, retry, tracer);
                return step.Transactional
                    ? retry.RunAsync(() => new TransactionalStep(context).RunAsync(cancellationToken))
                    : (separate = new SeparateStatements(context)).RunAsync(cancellationToken);
            },
            error => step.Kind == Step.Rollback ? Task.CompletedTask : tracking.Layout.RecordFailureAsync(connection, tracking, step, options.ExecutedBy, error.Message.En, cancellationToken));
        // The driver would go on to use what the file has deallocated, and the next file could not prepare the same name.
        if (step.Statements.Any(statement => statement.Kind is "prepare" or "deallocate") && connection.State == System.Data.ConnectionState.Open)
            connection.UnprepareAll();
        return separate is null ? result : result with { Partitioned = separate.Partitioned };
    }
}
