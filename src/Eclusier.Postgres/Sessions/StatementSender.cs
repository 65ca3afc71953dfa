using System.Diagnostics;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>Sends statements with what belongs before and after them, as few round trips as possible, and says which of them failed.</summary>
internal sealed class StatementSender(NpgsqlConnection connection, ApplyOptions options)
{
    private readonly List<StatementTiming> _timings = [];

    /// <summary>Of the statements that were sent alone, when the options ask for times.</summary>
    public IReadOnlyList<StatementTiming> Timings => _timings;

    public void Forget() => _timings.Clear();

    /// <summary>Adds what a trace saw to the last timing.</summary>
    public void Traced(StatementTrace trace) => _timings[^1] = _timings[^1] with { Trace = trace };

    public void Time(Statement statement, long started, StatementTrace? trace = null, long? rows = null)
    {
        if (options.TimeStatements)
            _timings.Add(Timing(statement, started, rows) with { Trace = trace });
    }

    /// <summary>One round trip of a transaction that stays open.</summary>
    /// <returns>How long the server has worked on the transaction: how far away it is says nothing of the application's wait.</returns>
    /// <exception cref="StatementFailed">The server refused one.</exception>
    public async Task<TimeSpan> SendTimedAsync(IReadOnlyList<(NpgsqlBatchCommand Command, Statement? Statement)> commands)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (command, _) in commands)
            batch.BatchCommands.Add(command);
        batch.BatchCommands.Add(new("select extract(epoch from clock_timestamp() - transaction_timestamp())::float8"));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync();
            var seconds = 0.0;
            do
            {
                // RETURNING has rows, too; the last result is the number.
                while (await reader.ReadAsync())
                    seconds = reader.GetDataTypeName(0) == "double precision" ? reader.GetDouble(0) : 0;
            }
            while (await reader.NextResultAsync());
            return TimeSpan.FromSeconds(seconds);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            throw Failed(error, commands);
        }
    }

    /// <param name="commands">Each with the migration's statement that it is; null for the tool's own.</param>
    /// <exception cref="StatementFailed">The server refused one.</exception>
    public async Task SendAsync(IReadOnlyList<(NpgsqlBatchCommand Command, Statement? Statement)> commands, CancellationToken cancellationToken)
    {
        var first = 0;
        for (var index = 0; index < commands.Count; index++)
        {
            if (commands[index].Statement is not { Input: not null } copy)
                continue;
            await SendBatchAsync([.. commands.Skip(first).Take(index - first)], cancellationToken);
            await CopyAsync(copy, cancellationToken);
            first = index + 1;
        }

        await SendBatchAsync([.. commands.Skip(first)], cancellationToken);
    }

    private async Task SendBatchAsync((NpgsqlBatchCommand Command, Statement? Statement)[] commands, CancellationToken cancellationToken)
    {
        if (commands.Length == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (command, _) in commands)
            batch.BatchCommands.Add(command);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            throw Failed(error, commands);
        }

        var own = commands.Where(command => command.Statement is not null).ToArray();
        if (options.TimeStatements && own.Length == 1)
            _timings.Add(Timing(own[0].Statement!, started, (long)own[0].Command.RecordsAffected));
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

        Time(copy, started);
    }

    private static StatementFailed Failed(PostgresException error, IReadOnlyList<(NpgsqlBatchCommand Command, Statement? Statement)> commands) =>
        new(error, error.BatchCommand is NpgsqlBatchCommand failed ? commands.FirstOrDefault(command => command.Command == failed).Statement : null);

    private static StatementTiming Timing(Statement statement, long started, long? rows) =>
        new(statement.Kind, statement.Line, Stopwatch.GetElapsedTime(started).TotalMilliseconds, rows is >= 0 ? rows : null);
}
