using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>Which partitions the rows need, and the next of them.</summary>
internal static class PartitionPlan
{
    /// <summary>Each costs every query that cannot tell which it needs some planning, and the server memory (PostgreSQL manual, "Best Practices for Declarative Partitioning").</summary>
    private const int Most = 1000;

    /// <exception cref="MigrationFailedException">The rows lie too far apart.</exception>
    public static async Task<IReadOnlyList<PartitionRange>> RangesAsync(NpgsqlConnection connection, LiveTable table, PartitionSettings settings, string where, CancellationToken cancellationToken)
    {
        var by = Identifier.Quote(settings.By);
        var day = table.Columns.First(column => column.Name == settings.By).Type.EndsWith("with time zone", StringComparison.Ordinal) ? $"({by} at time zone 'UTC')::date" : $"{by}::date";
        var rows = await connection.RowsAsync(
            $"select min({day}), max({day}), (now() at time zone 'UTC')::date from {table.Name.Quoted} where isfinite({by})",
            row => (First: Day(row, 0), Last: Day(row, 1), Today: row.GetFieldValue<DateOnly>(2)),
            cancellationToken);
        var (oldest, newest, today) = (rows[0].First ?? rows[0].Today, rows[0].Last ?? rows[0].Today, rows[0].Today);
        var first = settings.From is { } from && from > oldest ? from : oldest < today ? oldest : today;
        var ranges = PartitionRange.Between(first, newest > today ? newest : today, settings.Every).Take(Most + 1).ToList();
        ranges.AddRange(ranges[^1].Following(settings.Ahead));
        return ranges.Count <= Most ? ranges : throw new MigrationFailedException(
            new Text($"{table.Name} would have more than {Most} partitions: its rows lie between {oldest:yyyy-MM-dd} and {newest:yyyy-MM-dd}.", $"{table.Name} aurait plus de {Most} partitions : ses lignes vont du {oldest:yyyy-MM-dd} au {newest:yyyy-MM-dd}."),
            where,
            new Text("Choose a longer \"every\" in migrations.partition, or a \"from\" before which rows go to the default partition.", "Choisissez un « every » plus long dans migrations.partition, ou un « from » avant lequel les lignes vont à la partition par défaut."));
    }

    private static DateOnly? Day(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateOnly>(column);
}
