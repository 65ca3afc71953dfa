using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sessions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>
/// Runs one statement in ranges of a key, each range a short transaction that also records how far it has come: after a crash the
/// next run goes on behind the last committed range. Rows that appear behind the highest key while it runs are not its business.
/// </summary>
internal sealed class Backfill(StepContext context)
{
    private readonly FileSession _session = context.Session;

    /// <param name="statement">With its batching.</param>
    /// <param name="progress">Where an attempt before this one stopped; null: it begins.</param>
    /// <exception cref="StatementFailed">The server refused a batch; those before it stay, and are on record.</exception>
    /// <exception cref="MigrationFailedException">The table cannot be walked by this key.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop, between two batches.</exception>
    public async Task RunAsync(Statement statement, StepProgress? progress)
    {
        var batch = statement.Batch!;
        var type = await KeyTypeAsync(batch);
        var (position, until) = (progress?.Position, progress?.Until ?? await HighestAsync(batch));
        if (until is null)
            return;
        if (progress?.Until is null)
            await context.Connection.ExecuteAsync(StepProgress.Aim(context.Tracking, context.Step, statement, until), CancellationToken.None);
        var (migration, options) = (context.Step.Migration, context.Options);
        var batches = new PacedBatches(context.Connection, context.Retry, options, migration, batch.Size);
        var told = new BackfillProgress(migration, await ExpectedAsync(Range(Walked(batch), type, position, until), batch), options.Waiting);
        var began = Stopwatch.GetTimestamp();
        var (rows, traces) = (0L, new List<StatementTrace>());
        while (position != until)
        {
            await batches.RunAsync(async () =>
            {
                var walks = batches.Rows;
                var end = await EndAsync(batch, type, position, until, walks);
                var (written, elapsed) = await OneAsync(statement, Range(batch.QualifiedKey, type, position, end), end, traces);
                rows += written;
                position = end;
                told.Walked(walks);
                return (elapsed, position != until);
            });
        }

        context.Sender.Time(statement, began, traces.Count == 0 ? null : StatementTrace.Sum(traces), rows);
    }

    /// <returns>Rows written, and how long the server took for it: how far away it is says nothing of the application's wait.</returns>
    private async Task<(long Rows, TimeSpan Elapsed)> OneAsync(Statement statement, string range, string end, List<StatementTrace> traces)
    {
        var sql = new NpgsqlBatchCommand($"{statement.Batch!.Head}({range}){statement.Batch.Tail}");
        await _session.EnterAsync(CancellationToken.None);
        // Whoever holds a row of this batch makes all who want another one of it wait.
        var timeouts = context.Timeouts.Values(context.Options.Policy.LockTimeout, _session.Settings);
        List<(NpgsqlBatchCommand, Statement?)> commands = [(new("begin"), null), .. SessionSettings.Commands("set local", timeouts)];
        if (context.Tracer is not null)
        {
            await context.Sender.SendAsync(commands, CancellationToken.None);
            commands.Clear();
            await context.Tracer.BeginAsync(CancellationToken.None);
        }

        var elapsed = await context.Sender.SendTimedAsync([.. commands, (sql, statement)]);
        if (context.Tracer is not null)
            traces.Add(await context.Tracer.LookAsync(CancellationToken.None));
        var rows = (long)sql.RecordsAffected;
        await context.Sender.SendAsync(
            [TransactionBody.CheckDeferred, .. _session.Ending(new(StepProgress.Move(context.Tracking, context.Step, end, rows)))], CancellationToken.None);
        return (rows, elapsed);
    }

    /// <summary>A key that may be null or has no index would leave rows out, or read the whole table for every batch.</summary>
    private async Task<string> KeyTypeAsync(Batching batch)
    {
        var found = await _session.RowsAsync(
            $"""
            select pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
              exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null)
            from pg_catalog.pg_attribute a
            where a.attrelid = pg_catalog.to_regclass({Literal.Quote(batch.Table)}) and a.attname = {Literal.Quote(batch.Key)} and not a.attisdropped
            """,
            row => (Type: row.GetString(0), NotNull: row.GetBoolean(1), Indexed: row.GetBoolean(2)),
            CancellationToken.None);
        if (found is [{ NotNull: true, Indexed: true } key])
            return key.Type;
        throw new MigrationFailedException(
            found.Count == 0
                ? new Text($"There is no column {batch.Key} in {batch.Table}.", $"Il n'y a pas de colonne {batch.Key} dans {batch.Table}.")
                : new Text($"{batch.Table} cannot be walked by {batch.Key}: it must be NOT NULL and the first column of an index.", $"{batch.Table} ne peut pas être parcourue par {batch.Key} : la colonne doit être NOT NULL et la première d'un index."),
            context.Step.File,
            new Text("Name another key in the batch directive; the primary key is the usual one.", "Nommez une autre clé dans la directive batch ; la clé primaire est la plus courante."));
    }

    private Task<string?> HighestAsync(Batching batch)
    {
        var key = Walked(batch);
        return _session.ScalarAsync<string>($"select {key}::pg_catalog.text from {batch.Table} walked order by {key} desc limit 1", CancellationToken.None);
    }

    /// <summary>The last key of a batch. Equal keys stay together.</summary>
    private async Task<string> EndAsync(Batching batch, string type, string? position, string until, int rows)
    {
        var key = Walked(batch);
        return await _session.ScalarAsync<string>(
            $"select {key}::pg_catalog.text from {batch.Table} walked where {Range(key, type, position, until)} order by {key} offset {rows - 1} limit 1", CancellationToken.None) ?? until;
    }

    /// <summary>Counted where that is quick; else the planner's estimate, which is a guess before the first ANALYZE.</summary>
    private async Task<double> ExpectedAsync(string range, Batching batch)
    {
        const long quick = 256 << 20;
        if (await _session.ScalarAsync<long>($"select pg_catalog.pg_relation_size(pg_catalog.to_regclass({Literal.Quote(batch.Table)}))", CancellationToken.None) < quick)
            return await _session.ScalarAsync<long>($"select pg_catalog.count(*) from {batch.Table} walked where {range}", CancellationToken.None);
        var plan = await _session.ScalarAsync<string>($"explain (format json) select from {batch.Table} walked where {range}", CancellationToken.None);
        using var json = JsonDocument.Parse(plan ?? "[]");
        return json.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    /// <summary>Qualified: ORDER BY with a plain name would sort by the text that is selected.</summary>
    private static string Walked(Batching batch) => $"walked.{Identifier.Quote(batch.Key)}";

    private static string Range(string key, string type, string? position, string until)
    {
        string Value(string text) => string.Create(CultureInfo.InvariantCulture, $"{Literal.Quote(text)}::{type}");
        return position is null ? $"{key} <= {Value(until)}" : $"{key} > {Value(position)} and {key} <= {Value(until)}";
    }
}
