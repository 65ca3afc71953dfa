using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>The table <c>schema_migrations</c> and its four functions.</summary>
internal static class NumberedTracking
{
    private const string Table = "schema_migrations";

    private static readonly string[] Functions = ["migration_applied", "record_migration", "record_migration_failure", "get_migration_status"];

    /// <summary>One round trip where the table exists.</summary>
    /// <exception cref="EclusierException">There is a table of that name with other columns.</exception>
    public static async Task<TrackingTable> ReadAsync(IMigrationLayout layout, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // All as text: one kind of value to read is one that costs start-up time.
        const string sql = """
            select (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 'schema_migrations'::regclass)::text,
              version::text, name::text, checksum::text, (extract(epoch from executed_at::timestamptz) * 1000)::bigint::text,
              execution_time_ms::text, (success::boolean)::int::text, error_message::text
            from (values (1)) as always left join schema_migrations on true
            """;
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var schema = "";
            var rows = new List<TrackedMigration>();
            while (await reader.ReadAsync(cancellationToken))
            {
                schema = reader.GetString(0);
                if (!await reader.IsDBNullAsync(1, cancellationToken))
                    rows.Add(Row(reader));
            }
            return new TrackingTable(layout, schema, Table, Exists: true, rows);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new TrackingTable(layout, await TrackingQueries.CurrentSchemaAsync(connection, cancellationToken), Table, Exists: false, []);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            throw new EclusierException(
                new Text($"The table schema_migrations is not one of the numbered layout: {error.MessageText}.", $"La table schema_migrations n'est pas celle de la disposition numbered : {error.MessageText}."),
                connection.Database,
                new Text(
                    "Another tool may own it (dbmate has a table of the same name): look at it before going on.",
                    "Un autre outil en est peut-être propriétaire (dbmate a une table du même nom) : examinez-la avant de continuer."),
                ExitCode.Usage,
                error);
        }
    }

    /// <summary>Creates what is missing of the table and its functions, in one transaction.</summary>
    public static async Task<TrackingTable> EnsureAsync(IMigrationLayout layout, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tracking = await ReadAsync(layout, connection, cancellationToken);
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

    /// <summary>Forgets a migration that is undone; meant to commit with what undoes it.</summary>
    public static NpgsqlBatchCommand Remove(TrackingTable tracking, Step step) => new($"delete from {tracking.QualifiedName} where version = $1")
    {
        Parameters = { new NpgsqlParameter { Value = step.Migration } },
    };

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
        reader.GetString(1),
        Value(reader, 2) ?? "",
        Value(reader, 3),
        Value(reader, 4) is { } executedAt ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(executedAt)) : null,
        Value(reader, 5) is { } duration ? int.Parse(duration) : null,
        Value(reader, 6) == "1",
        Value(reader, 7));

    private static string? Value(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static string Script() => EmbeddedScript.Read("Layouts.numbered_tracking.sql");
}
