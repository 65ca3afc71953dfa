using System.Globalization;
using System.Text.Json;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Untracked;

/// <summary>
/// A table that has these very migrations, in another schema, under another name, or of another tool, while the layout's own has none: to
/// apply them now would be to apply them a second time.
/// </summary>
internal static class TrackedElsewhere
{
    /// <summary>A longer history says nothing more.</summary>
    private const int MostRows = 5000;

    /// <summary>Each is locked for a moment, and a server has room for a few thousand locks. Those whose names speak of migrations come first.</summary>
    private const int MostTables = 200;

    /// <summary>No version, name or checksum is longer.</summary>
    private const int LongestValue = 300;

    /// <summary>Shorter texts may mean anything in any table.</summary>
    private const int ShortestName = 6;

    /// <summary>Shorter numbers may mean anything in a table whose name does not speak of migrations; a time to the second does not.</summary>
    private const int ShortestTime = 12;

    private static readonly HashSet<string> VersionColumns =
        new(StringComparer.OrdinalIgnoreCase) { "version", "version_id", "version_num", "version_rank", "migration", "migration_id", "migrationid",
            "timestamp", "created_at" };

    public static async Task<IReadOnlyList<PlanProblem>> FindAsync(NpgsqlConnection connection, MigrationSource source, IReadOnlyList<MigrationFile> files,
        TrackingTable tracking, CancellationToken cancellationToken)
    {
        // Where the runbook or the tool's own settings name the place, other tables are other applications', or other tenants'.
        if (tracking.Rows.Any(row => row.Success) || source.Place.Schema is not (null or "public"))
            return [];
        var candidates = await CandidatesAsync(connection, tracking, cancellationToken);
        if (candidates.Count == 0)
            return [];
        var rows = await connection.RowsAsync(string.Join(" union all ", candidates.Select(RowsOf)), row => (Table: row.GetInt32(0), Text: row.GetString(1)), cancellationToken);
        return
        [
            .. from row in rows
               group row.Text by candidates[row.Table] into table
               let known = Known(table, files, table.Key.Named)
               where known.Count > 0
               select Problem(table.Key, known, tracking),
        ];
    }

    /// <param name="Named">Its name speaks of migrations; else its columns might.</param>
    /// <param name="Columns">Those that can hold a version, a name or a checksum.</param>
    private sealed record Candidate(string Schema, string Name, bool Named, IReadOnlyList<string> Columns);

    private static string RowsOf(Candidate table, int place)
    {
        var values = table.Columns.Select(column => $"{Literal.Quote(column)}, left({Identifier.Quote(column)}::text, {LongestValue})");
        return $"(select {place}, jsonb_build_object({string.Join(", ", values)})::text from {Identifier.Quote(table.Schema)}.{Identifier.Quote(table.Name)} limit {MostRows})";
    }

    /// <summary>
    /// By their names: those of a good thirty tools speak of migrations, revisions or versions of the schema. Most tools let their users choose another one: small tables with a
    /// column as such tools have it are looked at, too. One of these that is locked is passed over.
    /// </summary>
    private static async Task<IReadOnlyList<Candidate>> CandidatesAsync(NpgsqlConnection connection, TrackingTable tracking, CancellationToken cancellationToken)
    {
        var found = await connection.RowsAsync(
            $"""
            select n.nspname::text, c.relname::text, by_name, columns
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            cross join lateral (
              select c.relname ~* '(migrat|schema_?versions?|schema_history|changelog|revision|goose|sequelizemeta|scriptsrun|alembic|evolutions)'
                or n.nspname ~* '(migrat|sqitch|drizzle)') as speaks (by_name)
            cross join lateral (
              select array_agg(a.attname::text) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and a.atttypid::regtype in ('text', 'varchar', 'bpchar', 'int2', 'int4', 'int8', 'numeric')) as telling (columns)
            where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relname !~ '^eclusier_'
              and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
              and columns is not null
              and (by_name
                or c.relnatts <= 12 and c.relpages <= 100
                  and exists (
                    select from unnest(columns) as name
                    where name ~* '(version|migration|revision|script|patch|changeset|checksum|file_?name)' or c.relnatts <= 4 and name ~* '^(id|name|hash|timestamp)$')
                  and not exists (select from pg_locks l where l.relation = c.oid and l.mode = 'AccessExclusiveLock'))
            order by by_name desc, 1, 2
            limit {MostTables}
            """,
            row => new Candidate(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3)),
            cancellationToken);
        return [.. found.Where(table => (table.Schema, table.Name) != (tracking.Schema, tracking.Name))];
    }

    private static List<string> Known(IEnumerable<string> rows, IReadOnlyList<MigrationFile> files, bool named)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var name in Names(file).Where(name => name.Length >= ShortestName && !name.All(char.IsAsciiDigit)))
                names.TryAdd(name, file.Version);
            foreach (var number in new[] { file.Version, file.Recorded.GetValueOrDefault("when") }.OfType<string>()
                .Where(number => number.All(char.IsAsciiDigit) && (named || number.Length >= ShortestTime)))
                versions.TryAdd(number.TrimStart('0'), file.Version);
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            using var json = JsonDocument.Parse(row);
            foreach (var column in json.RootElement.EnumerateObject().Where(column => column.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number))
            {
                var value = column.Value.ValueKind == JsonValueKind.String ? column.Value.GetString()! : column.Value.GetRawText();
                if (names.TryGetValue(value, out var version)
                    || (VersionColumns.Contains(column.Name) && value.Length > 0 && value.All(char.IsAsciiDigit)
                        && versions.TryGetValue(value.TrimStart('0'), out version)))
                    known.Add(version);
            }
        }

        return [.. known];
    }

    private static IEnumerable<string> Names(MigrationFile file)
    {
        var plain = file.FileName.EndsWith(".sql", StringComparison.Ordinal) ? file.FileName[..^4] : file.FileName;
        return new[] { file.FileName, plain, plain.EndsWith(".up", StringComparison.Ordinal) ? plain[..^3] : plain, $"{file.Version}_{file.Name}",
            file.Checksum, file.RecordedChecksum }.OfType<string>();
    }

    private static PlanProblem Problem(Candidate table, List<string> known, TrackingTable tracking)
    {
        var count = known.Count.ToString(CultureInfo.InvariantCulture);
        return new PlanProblem(
            "tracked-elsewhere",
            known[0],
            new Text(
                $"{table.Schema}.{table.Name} has {count} of these migrations, and {tracking}, where they would be looked for, has none",
                $"{table.Schema}.{table.Name} contient {count} de ces migrations, et {tracking}, où elles seraient cherchées, n'en contient aucune"),
            Blocks: true)
        {
            Remedy = new Text(
                $"Name the tracking table in the runbook: tracking: {{ schema: {table.Schema}, table: {table.Name} }} under migrations (and its tool as layout). To go on in {tracking}, name that one, and let `eclusier baseline` record what is applied.",
                $"Nommez la table de suivi dans le runbook : tracking: {{ schema: {table.Schema}, table: {table.Name} }} sous migrations (et son outil comme layout). Pour continuer dans {tracking}, nommez celle-ci, et laissez `eclusier baseline` enregistrer ce qui est appliqué."),
        };
    }
}
