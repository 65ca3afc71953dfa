using Eclusier.Planning;
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
            throw new EclusierException(
                new Text($"The tracking table is not one of the {layout.Name} layout: {PostgresErrors.Describe(error)}.", $"La table de suivi n'est pas celle de la disposition {layout.Name} : {PostgresErrors.Describe(error)}."),
                connection.Database,
                new Text(
                    "Another tool may own it (dbmate and the numbered layout both call theirs schema_migrations): look at it, and name its layout under migrations.layout.",
                    "Un autre outil en est peut-être propriétaire (dbmate et la disposition numbered l'appellent tous deux schema_migrations) : examinez-la, et nommez sa disposition dans migrations.layout."),
                ExitCode.Usage,
                error);
        }
    }

    /// <summary>Reads a table whose schema is that of the search path: one round trip where it exists.</summary>
    /// <param name="columns">SQL, each as text; the first is null in no row.</param>
    /// <param name="order">SQL.</param>
    /// <param name="applied">What the rows mean, each without the schema.</param>
    /// <exception cref="EclusierException">There is a table of that name with other columns.</exception>
    public static async Task<TrackingTable> ReadAsync(
        NpgsqlConnection connection, IMigrationLayout layout, string table, string columns, string order, Func<IReadOnlyList<string?[]>, IReadOnlyList<TrackedMigration>> applied, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(
            connection, layout, $"select (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = '{table}'::regclass)::text, {columns} from (values (1)) as always left join {table} t on true order by {order}", cancellationToken);
        return rows is null
            ? new TrackingTable(layout, await CurrentSchemaAsync(connection, cancellationToken), table, Exists: false, [])
            : new TrackingTable(layout, rows[0][0]!, table, Exists: true, applied([.. rows.Where(row => row[1] is not null).Select(row => row[1..])]));
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
