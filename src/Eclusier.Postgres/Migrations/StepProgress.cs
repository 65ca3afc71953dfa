using System.Security.Cryptography;
using System.Text;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>
/// How far a migration that is no single transaction has come, kept beside the tracking table and committed together with what it
/// tells of. After a crash nothing is run twice. The table is there only while such a migration is under way, or was cut off.
/// </summary>
/// <param name="Done">Statements that have run.</param>
/// <param name="Started">The one after them has begun, outside a transaction.</param>
/// <param name="Position">Of a batched statement: the last key that is done, as text; null before the first.</param>
/// <param name="Until">Of a batched statement: the highest key when it began; null before that.</param>
/// <param name="Rows">Rows that its batches have written.</param>
internal sealed record StepProgress(int Done, bool Started, string? Position, string? Until, long Rows)
{
    public const string TableName = "eclusier_progress";

    /// <summary>Makes the table and the step's row if they are not there.</summary>
    /// <exception cref="EclusierException">Statements that have run were changed in the file since (<see cref="ExitCode.MigrationFailed"/>).</exception>
    public static async Task<StepProgress> OpenAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, CancellationToken cancellationToken)
    {
        var table = Table(tracking);
        await connection.ExecuteAsync("set client_min_messages = warning", cancellationToken);
        await connection.ExecuteAllAsync(
            [
                $"create table if not exists {table} (version text primary key, done integer not null, prefix text not null, started boolean not null, position text, until text, rows bigint not null)",
                $"insert into {table} values ({Key(step)}, 0, {Literal.Quote(Prefix(step, 0))}, false, null, null, 0) on conflict do nothing",
                "reset client_min_messages",
            ],
            cancellationToken);
        var rows = await connection.RowsAsync(
            $"select done, started, position, until, rows, prefix from {table} where version = {Key(step)}",
            row => (Progress: new StepProgress(row.GetInt32(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt64(4)), Prefix: row.GetString(5)),
            cancellationToken);
        var (progress, prefix) = rows[0];
        if (progress.Done > step.Statements.Count || Prefix(step, progress.Done) != prefix)
            throw Changed(step, progress.Done, table);
        return progress;
    }

    /// <summary>Meant to commit with the statement that it counts.</summary>
    public static string Advance(TrackingTable tracking, Step step, int done) =>
        $"update {Table(tracking)} set done = {done}, prefix = {Literal.Quote(Prefix(step, done))}, started = false, position = null, until = null, rows = 0 where version = {Key(step)}";

    public static string Begin(TrackingTable tracking, Step step) =>
        $"update {Table(tracking)} set started = true where version = {Key(step)}";

    /// <summary>Where the batches of the statement will end.</summary>
    public static string Aim(TrackingTable tracking, Step step, string until) =>
        $"update {Table(tracking)} set until = {Literal.Quote(until)} where version = {Key(step)}";

    /// <summary>Meant to commit with the batch that it counts.</summary>
    public static string Move(TrackingTable tracking, Step step, string position, long rows) =>
        $"update {Table(tracking)} set position = {Literal.Quote(position)}, rows = rows + {rows} where version = {Key(step)}";

    /// <summary>Done; with a migration that is undone, what it left half done is forgotten, too.</summary>
    public static string Forget(TrackingTable tracking, Step step) => $"delete from {Table(tracking)} where version in ({Key(step)}, {Literal.Quote(step.Migration)})";

    public static Task<bool> ExistsAsync(NpgsqlConnection connection, TrackingTable tracking, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>($"select to_regclass({Literal.Quote(Table(tracking))}) is not null", cancellationToken);

    /// <summary>Removes the table when nothing is under way any more.</summary>
    public static async Task DropEmptyAsync(NpgsqlConnection connection, TrackingTable tracking, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select exists (select from {Table(tracking)})", cancellationToken))
            await connection.ExecuteAsync($"drop table {Table(tracking)}", cancellationToken);
    }

    private static string Table(TrackingTable tracking) => $"{Identifier.Quote(tracking.Schema)}.{TableName}";

    /// <summary>A migration that was cut off, and what undoes it, each have a row of their own.</summary>
    private static string Key(Step step) => Literal.Quote(step.Kind == Step.Rollback ? $"rollback {step.Migration}" : step.Migration);

    private static string Prefix(Step step, int done) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', step.Statements.Take(done).Select(statement => statement.Sql)))));

    private static EclusierException Changed(Step step, int done, string table) => new(
        new Text(
            $"{step.Migration} was cut off after {done} of its statements, and those were changed in the file since.",
            $"{step.Migration} a été coupée après {done} de ses instructions, et celles-ci ont été modifiées dans le fichier depuis."),
        step.File,
        new Text(
            $"Put the statements that were applied ({done}) back as they were; or, if you undid them by hand, delete its row from {table}.",
            $"Rétablissez les instructions déjà appliquées ({done}) ; ou, si vous les avez annulées à la main, supprimez sa ligne de {table}."),
        ExitCode.MigrationFailed);
}
