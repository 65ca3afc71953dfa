using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>What the layouts' tracking tables have in common.</summary>
internal static class TrackingQueries
{
    /// <summary>Reads rows of text; null when there is no such table.</summary>
    /// <exception cref="EclusierException">There is one, with other columns.</exception>
    public static async Task<IReadOnlyList<string?[]>?> RowsAsync(NpgsqlConnection connection, IMigrationLayout layout, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<string?[]>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetString(column))]);
            return rows;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await Look.GoOnAsync(connection);
            return null;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            throw OfAnotherTool(connection, layout, PostgresErrors.Describe(error), error);
        }
    }

    /// <summary>A table of that name, which another tool made.</summary>
    /// <param name="why">What of it shows that.</param>
    public static EclusierException OfAnotherTool(NpgsqlConnection connection, IMigrationLayout layout, string why, Exception? error = null) => new InvalidInputException(
        new Text($"The tracking table is not one of the {layout.Name} layout: {why}.",
            $"La table de suivi n'est pas celle de la disposition {layout.Name} : {why}."),
        connection.Database,
        new Text(
            "Another tool may own it (golang-migrate, Rails, dbmate and the numbered layout all call theirs schema_migrations): look at it, name its layout, or another table under migrations.tracking.",
            "Un autre outil en est peut-être propriétaire (golang-migrate, Rails, dbmate et la disposition numbered l'appellent tous schema_migrations) : examinez-la, nommez sa disposition, ou une autre table dans migrations.tracking."),
        error);

    /// <summary>Reads a table whose schema is that of the search path, if the place does not name another: one round trip where it exists.</summary>
    /// <param name="place">With the table's name.</param>
    /// <param name="columns">SQL, each as text; the first is null in no row.</param>
    /// <param name="order">SQL.</param>
    /// <param name="applied">What the rows mean, each without the schema.</param>
    /// <exception cref="EclusierException">There is a table of that name with other columns.</exception>
    public static async Task<TrackingTable> ReadAsync(
        NpgsqlConnection connection, IMigrationLayout layout, TrackingPlace place, string columns, string order, Func<IReadOnlyList<string?[]>,
            IReadOnlyList<TrackedMigration>> applied, CancellationToken cancellationToken)
    {
        var name = place.Table!;
        var table = place.Schema is { } schema ? $"{Identifier.Quote(schema)}.{Identifier.Quote(name)}" : Identifier.Quote(name);
        var rows = await RowsAsync(
            connection,
            layout,
            $"""
            select (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = {Literal.Quote(table)}::regclass)::text,
                {columns}
            from (values (1)) as always left join {table} t on true order by {order}
            """,
            cancellationToken);
        return rows is null
            ? new TrackingTable(layout, place.Schema ?? await CurrentSchemaAsync(connection, cancellationToken), name, Exists: false, [])
            : new TrackingTable(layout, rows[0][0]!, name, Exists: true, applied([.. rows.Where(row => row[1] is not null).Select(row => row[1..])]));
    }

    /// <summary>Where an unqualified table would be created.</summary>
    private static async Task<string> CurrentSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<string>("select current_schema()::text", cancellationToken) ?? "public";

    /// <summary>All of them or none.</summary>
    public static Task CreateAsync(NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken) =>
        TogetherAsync(connection, ["set local client_min_messages = warning", .. statements], cancellationToken);

    /// <summary>The rows of migrations that are applied already, and what belongs to them: all of it or nothing.</summary>
    public static Task RecordAllAsync(
        NpgsqlConnection connection, TrackingTable tracking, IReadOnlyList<Step> applied, string executedBy, IEnumerable<NpgsqlBatchCommand> besides, CancellationToken cancellationToken) =>
        TogetherAsync(connection, [.. applied.SelectMany(step => tracking.Layout.Record(tracking, step, executedBy, "now()")), .. besides], cancellationToken);

    private static Task TogetherAsync(NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken) =>
        TogetherAsync(connection, [.. statements.Select(sql => new NpgsqlBatchCommand(sql))], cancellationToken);

    private static async Task TogetherAsync(NpgsqlConnection connection, IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("begin", cancellationToken);
        try
        {
            foreach (var command in commands)
                await ExecuteAsync(connection, command, cancellationToken);
            await connection.ExecuteAsync("commit", cancellationToken);
        }
        catch (PostgresException)
        {
            await connection.ExecuteAsync("rollback", CancellationToken.None);
            throw;
        }
    }

    /// <summary>A command with its parameters, <c>$1</c> first.</summary>
    public static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public static DateTimeOffset? Time(string? milliseconds) => milliseconds is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, System.Globalization.CultureInfo.InvariantCulture));
}
