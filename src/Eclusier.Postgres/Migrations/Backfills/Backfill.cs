using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Eclusier.Postgres.Sql;
using Eclusier.Rehearsals;
using Npgsql;

namespace Eclusier.Postgres.Migrations.Backfills;

/// <summary>
/// Runs one statement in ranges of a key, each range a short transaction that also records how far it has come: after a crash the
/// next run goes on behind the last committed range. Rows that appear behind the highest key while it runs are not its business.
/// </summary>
internal sealed class Backfill(
    NpgsqlConnection connection, StatementSender sender, TrackingTable tracking, Step step, ApplyOptions options, SessionSettings settings, LockRetry retry, StatementTracer? tracer)
{
    /// <exception cref="StatementFailed">The server refused a batch; those before it stay, and are on record.</exception>
    /// <exception cref="EclusierException">The table cannot be walked by this key (<see cref="ExitCode.MigrationFailed"/>).</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop, between two batches.</exception>
    public async Task RunAsync(Statement statement, StepProgress progress)
    {
        var batch = statement.Batch!;
        var type = await KeyTypeAsync(batch);
        var (position, until) = (progress.Position, progress.Until ?? await HighestAsync(batch));
        if (until is null)
            return;
        if (progress.Until is null)
            await connection.ExecuteAsync(StepProgress.Aim(tracking, step, until), CancellationToken.None);
        var batches = new PacedBatches(connection, retry, options, step.Migration, batch.Size);
        var told = new BackfillProgress(step.Migration, await ExpectedAsync(Range(Walked(batch), type, position, until), batch), options.Waiting);
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

        sender.Time(statement, began, traces.Count == 0 ? null : StatementTrace.Sum(traces), rows);
    }

    /// <returns>Rows written, and how long the server took for it: how far away it is says nothing of the application's wait.</returns>
    private async Task<(long Rows, TimeSpan Elapsed)> OneAsync(Statement statement, string range, string end, List<StatementTrace> traces)
    {
        var sql = new NpgsqlBatchCommand($"{statement.Batch!.Head}({range}){statement.Batch.Tail}");
        // Whoever holds a row of this batch makes all who want another one of it wait.
        List<(NpgsqlBatchCommand, Statement?)> commands = [(new("begin"), null), .. settings.Of("set local", options.Policy.LockTimeout)];
        if (tracer is not null)
        {
            await sender.SendAsync(commands, CancellationToken.None);
            commands.Clear();
            await tracer.BeginAsync(CancellationToken.None);
        }

        var elapsed = await sender.SendTimedAsync([.. commands, (sql, statement)]);
        if (tracer is not null)
            traces.Add(await tracer.LookAsync(CancellationToken.None));
        var rows = (long)sql.RecordsAffected;
        await sender.SendAsync([(new(StepProgress.Move(tracking, step, end, rows)), null), (new("commit"), null)], CancellationToken.None);
        return (rows, elapsed);
    }

    /// <summary>A key that may be null or has no index would leave rows out, or read the whole table for every batch.</summary>
    private async Task<string> KeyTypeAsync(Batching batch)
    {
        var found = await connection.RowsAsync(
            $"""
            select format_type(a.atttypid, a.atttypmod), a.attnotnull,
              exists (select from pg_index i where i.indrelid = a.attrelid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null)
            from pg_attribute a
            where a.attrelid = to_regclass({Literal.Quote(batch.Table)}) and a.attname = {Literal.Quote(batch.Key)} and not a.attisdropped
            """,
            row => (Type: row.GetString(0), NotNull: row.GetBoolean(1), Indexed: row.GetBoolean(2)),
            CancellationToken.None);
        if (found is [{ NotNull: true, Indexed: true } key])
            return key.Type;
        throw new EclusierException(
            found.Count == 0
                ? new Text($"There is no column {batch.Key} in {batch.Table}.", $"Il n'y a pas de colonne {batch.Key} dans {batch.Table}.")
                : new Text($"{batch.Table} cannot be walked by {batch.Key}: it must be NOT NULL and the first column of an index.", $"{batch.Table} ne peut pas être parcourue par {batch.Key} : la colonne doit être NOT NULL et la première d'un index."),
            step.File,
            new Text("Name another key in the batch directive; the primary key is the usual one.", "Nommez une autre clé dans la directive batch ; la clé primaire est la plus courante."),
            ExitCode.MigrationFailed);
    }

    private Task<string?> HighestAsync(Batching batch)
    {
        var key = Walked(batch);
        return connection.ScalarAsync<string>($"select {key}::text from {batch.Table} walked order by {key} desc limit 1", CancellationToken.None);
    }

    /// <summary>The last key of a batch. Equal keys stay together.</summary>
    private async Task<string> EndAsync(Batching batch, string type, string? position, string until, int rows)
    {
        var key = Walked(batch);
        return await connection.ScalarAsync<string>(
            $"select {key}::text from {batch.Table} walked where {Range(key, type, position, until)} order by {key} offset {rows - 1} limit 1", CancellationToken.None) ?? until;
    }

    /// <summary>Counted where that is quick; else the planner's estimate, which is a guess before the first ANALYZE.</summary>
    private async Task<double> ExpectedAsync(string range, Batching batch)
    {
        const long quick = 256 << 20;
        if (await connection.ScalarAsync<long>($"select pg_relation_size(to_regclass({Literal.Quote(batch.Table)}))", CancellationToken.None) < quick)
            return await connection.ScalarAsync<long>($"select count(*) from {batch.Table} walked where {range}", CancellationToken.None);
        var plan = await connection.ScalarAsync<string>($"explain (format json) select from {batch.Table} walked where {range}", CancellationToken.None);
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
