using System.Diagnostics;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Rehearsals;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// Applies one migration. Where its statements permit, they and the tracking row are one transaction; a migration with
/// a statement that cannot run in a transaction goes statement by statement, and its row follows.
/// </summary>
internal sealed class StepRunner(NpgsqlConnection connection, TrackingTable tracking, Step step, ApplyOptions options, bool endsWithItsClient, StatementTracer? tracer)
{
    /// <summary>Statements sent in one round trip; large scripts go in several, inside the same transaction.</summary>
    private const int BatchSize = 200;

    private readonly List<StatementTiming> _timings = [];
    private int _retries;

    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (step.Transactional)
                    await InOneTransactionAsync(cancellationToken);
                else
                    await StatementByStatementAsync(cancellationToken);
                return Result(StepStatus.Applied, started);
            }
            catch (StatementFailed failure)
            {
                await LeaveTransactionAsync();
                if (IsTransient(failure.Error) && Stopwatch.GetElapsedTime(started) < options.Policy.RetryFor)
                {
                    await StepBackAsync(failure.Error, cancellationToken);
                    continue;
                }

                var error = SqlErrors.Describe(failure.Error, failure.Statement, step.File);
                await NumberedTracking.RecordFailureAsync(connection, tracking, step, options.ExecutedBy, error.Message, cancellationToken);
                return Result(StepStatus.Failed, started) with { Error = error };
            }
        }
    }

    private async Task InOneTransactionAsync(CancellationToken cancellationToken)
    {
        _timings.Clear();
        string[] opening = ["begin", .. Settings("set local")];
        if (tracer is not null)
        {
            await TracedAsync(tracer, opening, cancellationToken);
            return;
        }

        var groups = Groups(step.Statements);
        for (var index = 0; index < groups.Count; index++)
            await SendAsync(index == 0 ? opening : [], groups[index], index == groups.Count - 1 ? Closing() : [], cancellationToken);
    }

    /// <summary>As many statements as one round trip takes; a COPY with its data goes alone.</summary>
    private static List<Statement[]> Groups(IReadOnlyList<Statement> statements)
    {
        var groups = new List<Statement[]>();
        var group = new List<Statement>();
        void Close()
        {
            if (group.Count > 0)
                groups.Add([.. group]);
            group.Clear();
        }

        foreach (var statement in statements)
        {
            if (statement.Input is not null || group.Count == BatchSize)
                Close();
            group.Add(statement);
            if (statement.Input is not null)
                Close();
        }

        Close();
        return groups;
    }

    /// <summary>One statement at a time, and a look at what it did before the next.</summary>
    private async Task TracedAsync(StatementTracer trace, string[] opening, CancellationToken cancellationToken)
    {
        await SendAsync(opening, [], [], cancellationToken);
        await trace.BeginAsync(cancellationToken);
        foreach (var statement in step.Statements)
        {
            await SendAsync([], [statement], [], cancellationToken);
            _timings[^1] = _timings[^1] with { Trace = await trace.LookAsync(cancellationToken) };
        }

        await SendAsync([], [], Closing(), cancellationToken);
    }

    /// <summary>What follows the migration's own statements: roles and settings that it changed must not touch its row.</summary>
    private NpgsqlBatchCommand[] Closing() =>
    [
        new("reset session authorization"),
        new("reset role"),
        NumberedTracking.RecordSuccess(tracking, step, options.ExecutedBy),
        new("commit"),
        new("reset all"),
    ];

    private async Task SendAsync(string[] opening, Statement[] statements, NpgsqlBatchCommand[] closing, CancellationToken cancellationToken)
    {
        if (statements is [{ Input: not null } copy])
        {
            if (opening.Length > 0)
                await SendAsync(opening, [], [], cancellationToken);
            await CopyAsync(copy, cancellationToken);
            if (closing.Length > 0)
                await SendAsync([], [], closing, cancellationToken);
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in opening)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        var before = batch.BatchCommands.Count;
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Sql));
        foreach (var command in closing)
            batch.BatchCommands.Add(command);

        var started = Stopwatch.GetTimestamp();
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            var index = error.BatchCommand is NpgsqlBatchCommand failed ? batch.BatchCommands.IndexOf(failed) - before : -1;
            throw new StatementFailed(error, index >= 0 && index < statements.Length ? statements[index] : null);
        }

        if (options.TimeStatements && statements.Length == 1)
            _timings.Add(Timing(statements[0], started, (long)batch.BatchCommands[before].RecordsAffected));
    }

    private async Task CopyAsync(Statement copy, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var writer = await connection.BeginTextImportAsync(copy.Sql, cancellationToken);
            await writer.WriteAsync(copy.Input.AsMemory(), cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            throw new StatementFailed(error, copy);
        }

        if (options.TimeStatements)
            _timings.Add(Timing(copy, started, rows: null));
    }

    private async Task StatementByStatementAsync(CancellationToken cancellationToken)
    {
        _timings.Clear();
        await connection.ExecuteAsync($"select set_config('eclusier.started', clock_timestamp()::text, false)", cancellationToken);
        foreach (var setting in Settings("set"))
            await connection.ExecuteAsync(setting, cancellationToken);
        foreach (var statement in step.Statements)
        {
            var started = Stopwatch.GetTimestamp();
            StatementTrace? trace = null;
            try
            {
                if (statement.Input is not null)
                {
                    await CopyAsync(statement, cancellationToken);
                    continue;
                }

                if (!await IndexBuild.IsDoneAsync(connection, statement, cancellationToken))
                    trace = await ExecuteAsync(statement, cancellationToken);
            }
            catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
            {
                throw new StatementFailed(error, statement);
            }

            _timings.Add(Timing(statement, started, rows: null) with { Trace = trace });
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("reset session authorization"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("reset role"));
        batch.BatchCommands.Add(NumberedTracking.RecordSuccess(tracking, step, options.ExecutedBy, "current_setting('eclusier.started')::timestamptz"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("reset all"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<StatementTrace?> ExecuteAsync(Statement statement, CancellationToken cancellationToken)
    {
        Task Run() => connection.ExecuteAsync(statement.Sql, cancellationToken);
        if (tracer is not null)
            return await tracer.WatchAsync(Run, cancellationToken);
        await Run();
        return null;
    }

    private IEnumerable<string> Settings(string set)
    {
        yield return $"{set} lock_timeout = {(long)options.Policy.LockTimeout.TotalMilliseconds}";
        yield return $"{set} statement_timeout = {(long)options.Policy.StatementTimeout.TotalMilliseconds}";
        if (endsWithItsClient)
            yield return $"{set} {ClientCheck.Setting}";
    }

    private async Task LeaveTransactionAsync()
    {
        await connection.ExecuteAsync("rollback", CancellationToken.None);
        await connection.ExecuteAsync("reset session authorization", CancellationToken.None);
        await connection.ExecuteAsync("reset all", CancellationToken.None);
    }

    /// <summary>Full jitter, so that two who wait for each other do not meet again.</summary>
    private async Task StepBackAsync(PostgresException error, CancellationToken cancellationToken)
    {
        _retries++;
        options.Waiting?.Invoke(new Text(
            $"{step.Migration}: {error.MessageText}; nothing is held meanwhile, attempt {_retries + 1} follows",
            $"{step.Migration} : {error.MessageText} ; rien n'est retenu entre-temps, essai {_retries + 1} à suivre"));
        var ceiling = Math.Min(10_000, 100 * Math.Pow(2, Math.Min(_retries, 10)));
        await Task.Delay(TimeSpan.FromMilliseconds(50 + (Random.Shared.NextDouble() * ceiling)), cancellationToken);
    }

    private static bool IsTransient(PostgresException error) => error.SqlState
        is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    private static StatementTiming Timing(Statement statement, long started, long? rows) =>
        new(statement.Kind, statement.Line, Stopwatch.GetElapsedTime(started).TotalMilliseconds, rows is >= 0 ? rows : null);

    private StepResult Result(StepStatus status, long started) => StepResult.Of(step, status) with
    {
        DurationMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1),
        LockRetries = _retries,
        Statements = options.TimeStatements ? [.. _timings] : [],
    };

    /// <summary>Carries the server's refusal, and the statement it refers to, from the sending to the deciding.</summary>
    private sealed class StatementFailed(PostgresException error, Statement? statement) : Exception(error.MessageText, error)
    {
        public PostgresException Error { get; } = error;

        /// <summary>Null when it was not one of the migration's own (a deferred constraint at commit).</summary>
        public Statement? Statement { get; } = statement;
    }
}
