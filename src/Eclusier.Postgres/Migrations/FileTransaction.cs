using Eclusier.Planning;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>A transaction that a file opens and ends by itself: it runs as it is written, and what commits it commits its record, too.</summary>
/// <param name="Begin">The BEGIN as written; with AND CHAIN, that of the transaction before.</param>
/// <param name="Statements">Between it and its end.</param>
/// <param name="End">COMMIT or ROLLBACK.</param>
/// <param name="First">The first of its statements in the file, its BEGIN among them.</param>
/// <param name="Length">How many there are, BEGIN and end among them.</param>
internal sealed record FileTransaction(Statement Begin, IReadOnlyList<Statement> Statements, Statement End, int First, int Length)
{
    /// <returns>The transaction that begins there; null where none does.</returns>
    public static FileTransaction? At(IReadOnlyList<Statement> script, int first)
    {
        var chained = first > 0 && script[first - 1].Control is TransactionControl.CommitAndChain or TransactionControl.RollbackAndChain;
        if (!chained && script[first].Control != TransactionControl.Begin)
            return null;
        var end = first + (chained ? 0 : 1);
        while (script[end].Control is null or TransactionControl.Savepoint or TransactionControl.Begin)
            end++;
        var begin = script.Take(first + 1).Last(statement => statement.Control == TransactionControl.Begin);
        var body = chained ? first : first + 1;
        return new FileTransaction(begin, [.. script.Skip(body).Take(end - body)], script[end], first, end - first + 1);
    }

    private bool IsRolledBack => End.Control is TransactionControl.Rollback or TransactionControl.RollbackAndChain;

    /// <exception cref="StatementFailed">The server refused; the transaction is still open.</exception>
    public async Task RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var session = step.Session;
        var timeouts = step.Timeouts.Values(TimeSpan.Zero, session.Settings);
        await session.EnterAsync(cancellationToken);
        List<(NpgsqlBatchCommand, Statement?)> commands = [(new(Begin.Sql), Begin), .. SessionSettings.Commands("set local", timeouts)];
        await TransactionBody.SendAsync(step, Statements, commands, cancellationToken);
        await step.Sender.SendAsync(commands, cancellationToken);
        if (IsRolledBack)
        {
            // What it has set is taken back with the rest.
            await step.Sender.SendAsync([(new("rollback"), End)], cancellationToken);
            await session.LeaveAsync(cancellationToken);
            await step.Sender.SendAsync([(Advance(step), null)], cancellationToken);
            return;
        }

        await session.LookAsync(timeouts, cancellationToken);
        // One that only reads can hold no record either, and needs none to commit with.
        var recorded = !session.IsReadOnly;
        await step.Sender.SendAsync(
            [
                TransactionBody.CheckDeferred,
                .. recorded ? session.StandingAside().Append(Advance(step)).Select(command => (command, (Statement?)null)) : [],
                (new("commit"), End),
            ],
            cancellationToken);
        // What SET LOCAL made has ended with it.
        await session.LookAsync(new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken);
        await session.LeaveAsync(cancellationToken);
        await step.Sender.SendAsync([(recorded ? StepProgress.Keep(step.Tracking, step.Step, session.Settings) : Advance(step), null)], cancellationToken);
    }

    private NpgsqlBatchCommand Advance(StepContext step) => StepProgress.Advance(step.Tracking, step.Step, First + Length, step.Session.Settings);
}
