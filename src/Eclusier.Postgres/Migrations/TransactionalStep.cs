using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>A migration whose statements and tracking row are one transaction: all of it is there, or nothing.</summary>
internal sealed class TransactionalStep(NpgsqlConnection connection, StatementSender sender, TrackingTable tracking, Step step, ApplyOptions options, SessionSettings settings, StatementTracer? tracer)
{
    /// <summary>Statements sent in one round trip; large scripts go in several, inside the same transaction.</summary>
    private const int BatchSize = 200;

    /// <exception cref="StatementFailed">The server refused; the transaction is still open.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        sender.Forget();
        var repaired = await InvalidIndexes.DropsForAsync(connection, step.Statements, cancellationToken);
        List<(NpgsqlBatchCommand, Statement?)> commands = [(new("begin"), null), .. settings.Of("set local", lockTimeout: TimeSpan.Zero)];
        if (tracer is not null)
        {
            await sender.SendAsync(commands, cancellationToken);
            commands.Clear();
            await tracer.BeginAsync(cancellationToken);
        }

        var strong = false;
        foreach (var statement in step.Statements)
        {
            // From the first strong lock on, whatever this transaction waits for, others wait with it.
            if (!strong && statement.MayBlockWrites)
                commands.Add((new(settings.LockTimeout("set local", options.Policy.LockTimeout)), null));
            strong |= statement.MayBlockWrites;
            if (repaired.TryGetValue(statement, out var drop))
                commands.Add((new(drop), null));
            commands.Add((new(statement.Sql), statement));
            if (tracer is null && commands.Count < BatchSize)
                continue;
            await sender.SendAsync(commands, cancellationToken);
            commands.Clear();
            if (tracer is not null)
                sender.Traced(await tracer.LookAsync(cancellationToken));
        }

        // Roles and settings that the migration changed must not touch its row, nor the next migration.
        commands.AddRange(
        [
            (new("reset session authorization"), null),
            (new("reset role"), null),
            .. tracking.Recording(step, options.ExecutedBy),
        ]);
        var halfDone = step.Kind == Step.Rollback && await StepProgress.ExistsAsync(connection, tracking, cancellationToken);
        if (halfDone)
            commands.Add((new(StepProgress.Forget(tracking, step)), null));
        commands.AddRange([(new("commit"), null), (new("reset all"), null)]);
        await sender.SendAsync(commands, cancellationToken);
        if (halfDone)
            await StepProgress.DropEmptyAsync(connection, tracking, cancellationToken);
    }
}
