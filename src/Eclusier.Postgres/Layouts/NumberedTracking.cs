using System.Reflection;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>What is in the tracking table of the <c>numbered</c> layout, and where it is.</summary>
/// <param name="Schema">The schema it lies in, or would be created in; a plain name.</param>
public sealed record TrackingTable(string Schema, bool Exists, IReadOnlyList<TrackedMigration> Rows)
{
    public string QualifiedName => $"{Identifier.Quote(Schema)}.schema_migrations";
}

/// <summary>The table <c>schema_migrations</c> and its four functions.</summary>
internal static class NumberedTracking
{
    private static readonly string[] Functions = ["migration_applied", "record_migration", "record_migration_failure", "get_migration_status"];

    /// <summary>One round trip where the table exists.</summary>
    /// <exception cref="EclusierException">There is a table of that name with other columns.</exception>
    public static async Task<TrackingTable> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select coalesce((select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                             where c.oid = to_regclass('schema_migrations')), current_schema())::text
            """));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select version::text, name::text, checksum::text, executed_at::timestamptz, execution_time_ms::int, success::boolean, error_message::text
            from schema_migrations
            """));
        var schema = "public";
        var rows = new List<TrackedMigration>();
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken))
                schema = reader.GetString(0);
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(Row(reader));
            return new TrackingTable(schema, Exists: true, rows);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new TrackingTable(schema, Exists: false, []);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            throw new EclusierException(
                new Text($"The table {schema}.schema_migrations is not one of the numbered layout: {error.MessageText}.", $"La table {schema}.schema_migrations n'est pas celle de la disposition numbered : {error.MessageText}."),
                connection.Database,
                new Text(
                    "Another tool may own it (dbmate has a table of the same name): look at it before going on.",
                    "Un autre outil en est peut-être propriétaire (dbmate a une table du même nom) : examinez-la avant de continuer."),
                ExitCode.Usage,
                error);
        }
    }

    /// <summary>Creates what is missing of the table and its functions, in one transaction.</summary>
    public static async Task<TrackingTable> EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tracking = await ReadAsync(connection, cancellationToken);
        var present = await PresentFunctionsAsync(connection, tracking.Schema, cancellationToken);
        if (tracking.Exists && present.Count == Functions.Length)
            return tracking;

        var statements = ScriptSplitter.Split(Script())
            .Select(statement => statement.Sql)
            .Where(sql => !present.Any(name => sql.Contains($"function {name}(", StringComparison.OrdinalIgnoreCase)));
        await connection.ExecuteAsync("begin", cancellationToken);
        try
        {
            await connection.ExecuteAsync($"set local search_path = {Identifier.Quote(tracking.Schema)}", cancellationToken);
            foreach (var sql in statements)
                await connection.ExecuteAsync(sql, cancellationToken);
            await connection.ExecuteAsync("commit", cancellationToken);
        }
        catch (PostgresException)
        {
            await connection.ExecuteAsync("rollback", CancellationToken.None);
            throw;
        }

        return tracking with { Exists = true };
    }

    /// <summary>Records success; meant to commit with the migration itself. The time is the transaction's own.</summary>
    /// <param name="started">SQL for the moment when the migration began.</param>
    public static NpgsqlBatchCommand RecordSuccess(TrackingTable tracking, Step step, string executedBy, string started = "now()")
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {tracking.QualifiedName} (version, name, checksum, executed_by, executed_at, execution_time_ms, success, error_message)
            values ($1, $2, $3, $4, now(), (extract(epoch from clock_timestamp() - {started}) * 1000)::int, true, null)
            on conflict (version) do update
              set name = excluded.name, checksum = excluded.checksum, executed_by = excluded.executed_by, executed_at = excluded.executed_at,
                  execution_time_ms = excluded.execution_time_ms, success = true, error_message = null
            """);
        foreach (var value in new[] { step.Migration, step.Name, step.Checksum, executedBy })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>Records a failure, on a transaction of its own. A migration that succeeded before stays a success.</summary>
    public static async Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            insert into {tracking.QualifiedName} as existing (version, name, checksum, executed_by, executed_at, success, error_message)
            values ($1, $2, $3, $4, now(), false, $5)
            on conflict (version) do update
              set name = excluded.name, checksum = excluded.checksum, executed_by = excluded.executed_by, executed_at = excluded.executed_at,
                  execution_time_ms = null, success = false, error_message = excluded.error_message
              where not existing.success
            """,
            connection);
        foreach (var value in new[] { step.Migration, step.Name, step.Checksum, executedBy, error })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> PresentFunctionsAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var names = await connection.ScalarAsync<string>(
            $"""
            select string_agg(distinct p.proname, ',') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = {Literal.Quote(schema)} and p.proname in ({string.Join(", ", Functions.Select(Literal.Quote))})
            """,
            cancellationToken);
        return names is null ? [] : names.Split(',');
    }

    private static TrackedMigration Row(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.IsDBNull(1) ? "" : reader.GetString(1),
        reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.IsDBNull(3) ? null : new DateTimeOffset(reader.GetDateTime(3)),
        reader.IsDBNull(4) ? null : reader.GetInt32(4),
        !reader.IsDBNull(5) && reader.GetBoolean(5),
        reader.IsDBNull(6) ? null : reader.GetString(6));

    private static string Script()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Eclusier.Postgres.Layouts.numbered_tracking.sql")
            ?? throw new InvalidOperationException("numbered_tracking.sql is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
