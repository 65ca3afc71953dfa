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
        var settings = new SessionSettings(options.Policy, endsWithItsClient);
        SeparateStatements? separate = null;
        var result = await new StepAttempt(url, connection, step, options).RunAsync(
            (sender, retry) => step.Transactional
                ? retry.RunAsync(() => new TransactionalStep(connection, sender, tracking, step, options, settings, tracer).RunAsync(cancellationToken), cancellationToken)
                : (separate = new SeparateStatements(connection, sender, tracking, step, options, settings, retry, tracer)).RunAsync(cancellationToken),
            error => step.Kind == Step.Rollback ? Task.CompletedTask : tracking.Layout.RecordFailureAsync(connection, tracking, step, options.ExecutedBy, error.Message.En, cancellationToken));
        return separate is null ? result : result with { Partitioned = separate.Partitioned };
    }
}
