using Eclusier.Planning;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>Sends the statements of one transaction in as few round trips as possible.</summary>
internal static class TransactionBody
{
    /// <summary>Statements sent in one round trip; large scripts go in several, inside the same transaction.</summary>
    private const int BatchSize = 200;

    /// <summary>What may change the lock timeout besides the tool.</summary>
    private static readonly HashSet<string> Setting = new(StringComparer.Ordinal) { "set", "reset", "select", "do", "call", "execute", "rollback-to", "unclassified" };

    /// <param name="commands">What goes before, the BEGIN among it; afterwards, what is still to be sent.</param>
    /// <exception cref="StatementFailed">The server refused; the transaction is still open.</exception>
    public static async Task SendAsync(StepContext step, IEnumerable<Statement> statements, List<(NpgsqlBatchCommand Command, Statement? Statement)> commands, CancellationToken cancellationToken)
    {
        if (step.Tracer is not null)
        {
            await FlushAsync();
            await step.Tracer.BeginAsync(cancellationToken);
        }

        var (strong, guarded) = (false, false);
        foreach (var statement in statements)
        {
            // From the first strong lock on, whatever this transaction waits for, others wait with it.
            strong |= statement.MayBlockWrites && statement.Control is null;
            if (strong && !guarded)
                commands.Add((new(step.Timeouts.LockTimeoutUnlessSet()), null));
            guarded = strong && !Setting.Contains(statement.Kind);
            if (InvalidIndexes.MayHide(statement))
            {
                await FlushAsync();
                if (await InvalidIndexes.DropForAsync(step.Connection, statement, cancellationToken) is { } drop)
                    commands.Add((new(drop), null));
            }

            commands.Add((new(statement.Sql), statement));
            if (step.Tracer is null && commands.Count < BatchSize)
                continue;
            await FlushAsync();
            if (step.Tracer is not null)
                step.Sender.Traced(await step.Tracer.LookAsync(cancellationToken));
        }

        async Task FlushAsync()
        {
            await step.Sender.SendAsync(commands, cancellationToken);
            commands.Clear();
        }
    }

    /// <summary>
    /// What is checked only at the end is checked now: as COMMIT would, under the role and the settings of the file, before the tool puts
    /// its own beside it.
    /// </summary>
    public static (NpgsqlBatchCommand Command, Statement? Statement) CheckDeferred => (new("set constraints all immediate"), null);
}
