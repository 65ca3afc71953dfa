using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>The table <c>schema_migrations</c> and its four functions.</summary>
internal static partial class NumberedTracking
{
    private const string Table = "schema_migrations";

    private static readonly string[] Functions = ["migration_applied", "record_migration", "record_migration_failure", "get_migration_status"];

    /// <summary>One round trip where the table exists.</summary>
    /// <exception cref="EclusierException">There is a table of that name with other columns.</exception>
    public static Task<TrackingTable> ReadAsync(IMigrationLayout layout, NpgsqlConnection connection, TrackingPlace place,
        CancellationToken cancellationToken) => TrackingQueries.ReadAsync(
        connection,
        layout,
        place.Or(new(null, Table)),
        // All as text: one kind of value to read is one that costs start-up time.
        "version::text, name::text, checksum::text, (extract(epoch from executed_at::timestamptz) * 1000)::bigint::text, execution_time_ms::text, (success::boolean)::int::text, error_message::text",
        "1",
        rows => [.. rows.Select(Row)],
        cancellationToken);

    /// <summary>Creates what is missing of the table and its functions, in one transaction.</summary>
    public static async Task<TrackingTable> EnsureAsync(IMigrationLayout layout, NpgsqlConnection connection, TrackingPlace place,
        CancellationToken cancellationToken)
    {
        var tracking = await ReadAsync(layout, connection, place, cancellationToken);
        var present = await PresentFunctionsAsync(connection, tracking.Schema, cancellationToken);
        if (tracking.Exists && present.Count == Functions.Length)
            return tracking;

        var statements = ScriptSplitter.Split(EmbeddedScript.Read("Layouts.numbered_tracking.sql"))
            .Select(statement => Named(statement.Sql, tracking.Name))
            .Where(sql => !present.Any(name => sql.Contains($"function {name}(", StringComparison.OrdinalIgnoreCase)));
        await TrackingQueries.CreateAsync(connection,
            [.. tracking.SchemaIfMissing(place), $"set local search_path = {Identifier.Quote(tracking.Schema)}", .. statements], cancellationToken);
        return tracking with { Exists = true };
    }

    /// <summary>Records success. The time is the transaction's own.</summary>
    /// <param name="started">SQL for the moment when the migration began.</param>
    public static NpgsqlBatchCommand RecordSuccess(TrackingTable tracking, Step step, string executedBy, string started) => TrackingQueries.Command(
        $"""
        insert into {tracking.QualifiedName} (version, name, checksum, executed_by, executed_at, execution_time_ms, success, error_message)
        values ($1, $2, $3, $4, now(), (extract(epoch from clock_timestamp() - {started}) * 1000)::int, true, null)
        on conflict (version) do update
          set name = excluded.name, checksum = excluded.checksum, executed_by = excluded.executed_by, executed_at = excluded.executed_at,
              execution_time_ms = excluded.execution_time_ms, success = true, error_message = null
        """,
        step.Migration, step.Name, step.Checksum, executedBy);

    public static NpgsqlBatchCommand Remove(TrackingTable tracking, Step step) => TrackingQueries.Command($"delete from {tracking.QualifiedName} where version = $1", step.Migration);

    public static Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => TrackingQueries.ExecuteAsync(
        connection,
        TrackingQueries.Command(
            $"""
            insert into {tracking.QualifiedName} as existing (version, name, checksum, executed_by, executed_at, success, error_message)
            values ($1, $2, $3, $4, now(), false, $5)
            on conflict (version) do update
              set name = excluded.name, checksum = excluded.checksum, executed_by = excluded.executed_by, executed_at = excluded.executed_at,
                  execution_time_ms = null, success = false, error_message = excluded.error_message
              where not existing.success
            """,
            step.Migration, step.Name, step.Checksum, executedBy, error),
        cancellationToken);

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

    /// <summary>The script is written for a table with its own name.</summary>
    private static string Named(string sql, string table) => table == Table ? sql : WholeName()
        .Replace(sql, Identifier.Quote(table).Replace("$", "$$", StringComparison.Ordinal));

    [GeneratedRegex($@"\b{Table}\b", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex WholeName();

    private static TrackedMigration Row(string?[] row) => new(
        row[0]!, row[1] ?? "", row[2], TrackingQueries.Time(row[3]), row[4] is { } took ? int.Parse(took, CultureInfo.InvariantCulture) : null, row[5] == "1", row[6]);
}
