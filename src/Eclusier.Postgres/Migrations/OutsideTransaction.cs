using System.Diagnostics;
using System.Globalization;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sessions;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>One statement that the server refuses in a transaction, or that ends its transactions itself.</summary>
/// <param name="done">Statements of the file that have run when this one has.</param>
internal sealed class OutsideTransaction(StepContext step, Statement statement, int done)
{
    /// <summary>What it has done before it was cut off is nowhere to be seen.</summary>
    public static bool CommitsByItself(Statement statement) => statement.Kind is "call" or "do";

    /// <param name="progress">How far an attempt before this one has come with it; null where there was none.</param>
    /// <exception cref="StatementFailed">The server refused.</exception>
    /// <exception cref="EclusierException">It was cut off in the middle before, and nobody can tell what it has done.</exception>
    public async Task RunAsync(StepProgress? progress, CancellationToken cancellationToken)
    {
        var mayHaveBegun = progress is { Started: true } && progress.Statement == StepProgress.Mark(statement);
        if (mayHaveBegun && CommitsByItself(statement))
            throw Undecided();
        var timeouts = step.Timeouts.Values(statement, step.Session.Settings);
        await step.Connection.ExecuteAsync(StepProgress.Begin(step.Tracking, step.Step, statement), cancellationToken);
        await step.Session.EnterAsync(cancellationToken);
        await step.Sender.SendAsync([.. SessionSettings.Commands("set", timeouts)], cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var before = 0L;
        try
        {
            StatementTrace? trace = null;
            if (!await Reentry.IsDoneAsync(step.Connection, statement, mayHaveBegun, cancellationToken))
            {
                trace = await ExecuteAsync(async () =>
                {
                    before = CommitsByItself(statement) ? await TransactionsAsync(cancellationToken) : 0;
                    await step.Connection.ExecuteAsync(statement.Sql, cancellationToken);
                }, cancellationToken);
            }

            step.Sender.Time(statement, began, trace);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            throw await FailedAsync(error, before, cancellationToken);
        }

        await step.Session.LookAsync(timeouts, cancellationToken);
        await step.Session.LeaveAsync(cancellationToken);
        await step.Sender.SendAsync([(StepProgress.Advance(step.Tracking, step.Step, done, step.Session.Settings), null)], cancellationToken);
    }

    private async Task<StatementTrace?> ExecuteAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        if (step.Tracer is not null)
            return await step.Tracer.WatchAsync(run, cancellationToken);
        await run();
        return null;
    }

    private async Task<StatementFailed> FailedAsync(PostgresException error, long before, CancellationToken cancellationToken)
    {
        if (CommitsByItself(statement))
        {
            // Between the two questions lies its own transaction, and no other, when it has committed nothing.
            if (before == 0 || await TransactionsAsync(cancellationToken) - before > 2)
                return new StatementFailed(error, statement) { HasCommitted = true };
        }
        else if (step.Options.Stop.IsCancellationRequested)
        {
            // To clean up may take as long as the statement did: who wants to stop finds the rest removed by the next run.
            return new StatementFailed(error, statement);
        }
        else
        {
            await Reentry.CleanUpAsync(step.Connection, statement, cancellationToken);
        }

        await step.Session.LeaveAsync(cancellationToken);
        await step.Connection.ExecuteAsync(StepProgress.Begin(step.Tracking, step.Step, statement, started: false), cancellationToken);
        return new StatementFailed(error, statement);
    }

    /// <summary>The number of this session's transaction, which grows by one with each (https://www.postgresql.org/docs/current/transaction-id.html).</summary>
    private async Task<long> TransactionsAsync(CancellationToken cancellationToken)
    {
        var number = await step.Connection.ScalarAsync<string>(
            """
            select l.virtualtransaction from pg_catalog.pg_locks l
            where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'virtualxid'
            """,
            cancellationToken);
        return long.Parse(number!.Split('/')[1], CultureInfo.InvariantCulture);
    }

    private EclusierException Undecided()
    {
        var name = statement.Kind.ToUpperInvariant();
        return new MigrationFailedException(
            new Text(
                $"{step.Step.Migration} was cut off inside a {name} that commits by itself: what of it is done is on no record.",
                $"{step.Step.Migration} a été coupée dans un {name} qui valide lui-même ses transactions : ce qui en est fait n'est noté nulle part."),
            step.Step.Place(statement),
            new Text(
                "Look at what it has done. Change the statement so that it does the rest and passes over what is done, then run `migrate` again.",
                "Regardez ce qu'il a fait. Modifiez l'instruction pour qu'elle fasse le reste en passant sur ce qui est fait, puis relancez `migrate`."));
    }
}
