using System.Security.Cryptography;
using System.Text;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>
/// How far a migration that is no single transaction has come, kept beside the tracking table and committed together with what it
/// tells of. After a crash nothing is run twice. The table is there only while such a migration is under way, or was cut off.
/// </summary>
/// <param name="Done">Statements that have run.</param>
/// <param name="Started">The one after them has begun, outside a transaction.</param>
/// <param name="Statement">What the one after them was when it began (<see cref="Mark"/>); null before that.</param>
/// <param name="Position">Of a batched statement: the last key that is done, as text; null before the first.</param>
/// <param name="Until">Of a batched statement: the highest key when it began; null before that.</param>
/// <param name="Settings">What the statements that have run have set for those after them.</param>
internal sealed record StepProgress(int Done, bool Started, string? Statement, string? Position, string? Until, FileSettings Settings)
{
    /// <summary>Makes the table and the step's row if they are not there.</summary>
    /// <exception cref="MigrationFailedException">Statements that have run were changed in the file since.</exception>
    public static async Task<StepProgress> OpenAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, CancellationToken cancellationToken)
    {
        var table = Table(tracking);
        await connection.ExecuteAsync("set client_min_messages = warning", cancellationToken);
        await connection.ExecuteAllAsync(
            [
                $"""
                create table if not exists {table} (
                  version text primary key, done integer not null, prefix text not null, started boolean not null, statement text,
                  position text, until text, rows bigint not null, settings text)
                """,
                $"insert into {table} values ({Key(step)}, 0, {Literal.Quote(Prefix(step, 0))}, false, null, null, null, 0, null) on conflict do nothing",
                "reset client_min_messages",
            ],
            cancellationToken);
        string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var rows = await connection.RowsAsync(
            $"select done, started, statement, position, until, settings, prefix from {table} where version = {Key(step)}",
            row => (Progress: new StepProgress(row.GetInt32(0), row.GetBoolean(1), Text(row, 2), Text(row, 3), Text(row, 4), FileSettings.FromJson(Text(row, 5))), Prefix: row.GetString(6)),
            cancellationToken);
        var (progress, prefix) = rows[0];
        if (progress.Done > step.Statements.Count || Prefix(step, progress.Done) != prefix)
            throw Changed(step, progress.Done, table);
        return progress;
    }

    /// <summary>Meant to commit with the statement that it counts.</summary>
    /// <param name="settings">What the statements so far have set.</param>
    public static NpgsqlBatchCommand Advance(TrackingTable tracking, Step step, int done, FileSettings settings) => TrackingQueries.Command(
        $"update {Table(tracking)} set done = {done}, prefix = {Literal.Quote(Prefix(step, done))}, started = false, statement = null, position = null, until = null, rows = 0, settings = $1 where version = {Key(step)}",
        settings.ToJson());

    /// <summary>A transaction of the file's own has ended, and with it what held in that transaction alone.</summary>
    public static NpgsqlBatchCommand Keep(TrackingTable tracking, Step step, FileSettings settings) =>
        TrackingQueries.Command($"update {Table(tracking)} set settings = $1 where version = {Key(step)}", settings.ToJson());

    /// <param name="started">False: it has begun, and ended with nothing done.</param>
    public static string Begin(TrackingTable tracking, Step step, Statement statement, bool started = true) =>
        $"update {Table(tracking)} set started = {(started ? "true" : "false")}, statement = {Literal.Quote(Mark(statement))} where version = {Key(step)}";

    /// <summary>Where the batches of the statement will end.</summary>
    public static string Aim(TrackingTable tracking, Step step, Statement statement, string until) =>
        $"update {Table(tracking)} set statement = {Literal.Quote(Mark(statement))}, position = null, until = {Literal.Quote(until)}, rows = 0 where version = {Key(step)}";

    /// <summary>Meant to commit with the batch that it counts.</summary>
    public static string Move(TrackingTable tracking, Step step, string position, long rows) =>
        $"update {Table(tracking)} set position = {Literal.Quote(position)}, rows = rows + {rows} where version = {Key(step)}";

    /// <summary>
    /// Meant to commit with what records the step: it is done; with a migration that is undone, what it left half done is forgotten, too.
    /// The table goes with its last row, in that transaction: a connection that is cut leaves no empty one behind. Nothing else writes
    /// to it meanwhile, since the run holds the lock of the tracking table.
    /// </summary>
    public static async Task<NpgsqlBatchCommand> ForgetAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, CancellationToken cancellationToken)
    {
        var table = Table(tracking);
        var own = $"version in ({Key(step)}, {Literal.Quote(step.Migration)})";
        var others = await connection.ScalarAsync<bool>($"select exists (select from {table} where not {own})", cancellationToken);
        return new(others ? $"delete from {table} where {own}" : $"drop table {table}");
    }

    public static Task<bool> ExistsAsync(NpgsqlConnection connection, TrackingTable tracking, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>($"select pg_catalog.to_regclass({Literal.Quote(Table(tracking))}) is not null", cancellationToken);

    /// <summary>By what a statement is known again: its text; of one that goes in batches, what they are cut by, since the rest of it may be mended on the way.</summary>
    public static string Mark(Statement statement) => Hash(statement.Batch is { } batch ? $"{batch.Table}\0{batch.Key}" : statement.Sql);

    public static string Table(TrackingTable tracking) => $"{Identifier.Quote(tracking.Schema)}.{TrackingTable.ProgressTable}";

    /// <summary>A migration that was cut off, and what undoes it, each have a row of their own.</summary>
    private static string Key(Step step) => Literal.Quote(step.Kind == Step.Rollback ? $"rollback {step.Migration}" : step.Migration);

    private static string Prefix(Step step, int done) => Hash(string.Join('\0', step.Statements.Take(done).Select(statement => statement.Sql)));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static EclusierException Changed(Step step, int done, string table) => new MigrationFailedException(
        new Text(
            $"{step.Migration} was cut off after {done} of its statements, and those were changed in the file since.",
            $"{step.Migration} a été coupée après {done} de ses instructions, et celles-ci ont été modifiées dans le fichier depuis."),
        step.File,
        new Text(
            $"Put the statements that were applied ({done}) back as they were; or, if you undid them by hand, delete its row from {table}.",
            $"Rétablissez les instructions déjà appliquées ({done}) ; ou, si vous les avez annulées à la main, supprimez sa ligne de {table}."));
}
