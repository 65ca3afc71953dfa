using Eclusier.Planning;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>A migration whose statements and tracking row are one transaction: all of it is there, or nothing.</summary>
internal sealed class TransactionalStep(StepContext step)
{
    /// <exception cref="StatementFailed">The server refused; the transaction is still open.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        step.Sender.Forget();
        List<(NpgsqlBatchCommand, Statement?)> commands = [(new("begin"), null), .. step.Timeouts.Of("set local", lockTimeout: TimeSpan.Zero)];
        await TransactionBody.SendAsync(step, step.Step.Statements, commands, cancellationToken);
        // Roles and settings that the migration changed must not touch its row, nor the next migration.
        commands.AddRange([TransactionBody.CheckDeferred, .. FileSession.Leaving(step.Connection).Select(command => (command, (Statement?)null))]);
        NpgsqlBatchCommand? forget = null;
        if (step.Step.Kind == Step.Rollback)
        {
            await step.Sender.SendAsync(commands, cancellationToken);
            commands.Clear();
            if (await StepProgress.ExistsAsync(step.Connection, step.Tracking, cancellationToken))
                forget = await StepProgress.ForgetAsync(step.Connection, step.Tracking, step.Step, cancellationToken);
        }

        commands.AddRange(step.Tracking.Recording(step.Step, step.Options.ExecutedBy));
        if (forget is not null)
            commands.Add((forget, null));
        commands.AddRange([(new("commit"), null), (new("discard temp"), null)]);
        await step.Sender.SendAsync(commands, cancellationToken);
    }
}
