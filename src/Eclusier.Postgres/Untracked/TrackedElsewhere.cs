using System.Globalization;
using System.Text.Json;
using Eclusier.Planning;
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

    /// <summary>Shorter texts may mean anything in any table.</summary>
    private const int ShortestName = 6;

    private static readonly HashSet<string> VersionColumns =
        new(StringComparer.OrdinalIgnoreCase) { "version", "version_id", "version_num", "version_rank", "migration", "migration_id", "migrationid",
            "timestamp", "created_at" };

    public static async Task<IReadOnlyList<PlanProblem>> FindAsync(NpgsqlConnection connection, MigrationSource source, IReadOnlyList<MigrationFile> files,
        TrackingTable tracking, CancellationToken cancellationToken)
    {
        // Where the runbook or the tool's own settings name the place, other tables are other applications', or other tenants'.
        if (tracking.Rows.Any(row => row.Success) || source.Place.Schema is not (null or "public"))
            return [];
        var problems = new List<PlanProblem>();
        foreach (var (schema, table) in await CandidatesAsync(connection, tracking, cancellationToken))
        {
            var rows = await connection.RowsAsync($"select to_jsonb(t)::text from {Identifier.Quote(schema)}.{Identifier.Quote(table)} t limit {MostRows}",
                row => row.GetString(0), cancellationToken);
            var known = Known(rows, files);
            if (known.Count > 0)
                problems.Add(Problem(schema, table, known, tracking));
        }

        return problems;
    }

    /// <summary>By their names: those of a good thirty tools speak of migrations, revisions or versions of the schema.</summary>
    private static async Task<IEnumerable<(string Schema, string Table)>> CandidatesAsync(NpgsqlConnection connection, TrackingTable tracking,
        CancellationToken cancellationToken)
    {
        var found = await connection.RowsAsync(
            """
            select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              and (c.relname ~* '(migrat|schema_?versions?|schema_history|changelog|revision|goose|sequelizemeta|scriptsrun|alembic|evolutions)'
                or n.nspname ~* '(migrat|sqitch|drizzle)')
              and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
            order by 1, 2
            """,
            row => (Schema: row.GetString(0), Table: row.GetString(1)),
            cancellationToken);
        return found.Where(name => name != (tracking.Schema, tracking.Name));
    }

    private static List<string> Known(IReadOnlyList<string> rows, IReadOnlyList<MigrationFile> files)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var name in Names(file).Where(name => name.Length >= ShortestName && !name.All(char.IsAsciiDigit)))
                names.TryAdd(name, file.Version);
            foreach (var number in new[] { file.Version, file.Recorded.GetValueOrDefault("when") }.OfType<string>()
                .Where(number => number.All(char.IsAsciiDigit)))
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

    private static PlanProblem Problem(string schema, string table, List<string> known, TrackingTable tracking)
    {
        var count = known.Count.ToString(CultureInfo.InvariantCulture);
        return new PlanProblem(
            "tracked-elsewhere",
            known[0],
            new Text(
                $"{schema}.{table} has {count} of these migrations, and {tracking}, where they would be looked for, has none",
                $"{schema}.{table} contient {count} de ces migrations, et {tracking}, où elles seraient cherchées, n'en contient aucune"),
            Blocks: true)
        {
            Remedy = new Text(
                $"Name the tracking table in the runbook: tracking: {{ schema: {schema}, table: {table} }} under migrations (and its tool as layout). To go on in {tracking}, name that one, and let `eclusier baseline` record what is applied.",
                $"Nommez la table de suivi dans le runbook : tracking: {{ schema: {schema}, table: {table} }} sous migrations (et son outil comme layout). Pour continuer dans {tracking}, nommez celle-ci, et laissez `eclusier baseline` enregistrer ce qui est appliqué."),
        };
    }
}
