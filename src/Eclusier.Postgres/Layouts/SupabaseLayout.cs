using System.Text.RegularExpressions;
using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>Supabase's CLI: <c>TIMESTAMP_name.sql</c>; the table <c>supabase_migrations.schema_migrations</c> keeps the statements, too.</summary>
public sealed partial class SupabaseLayout : IMigrationLayout
{
    private const string Schema = "supabase_migrations";
    private const string Table = "schema_migrations";

    private static readonly Text Example = new("Name files like 20240131120000_create_users.sql.", "Nommez les fichiers comme 20240131120000_create_users.sql.");

    public string Name => "supabase";

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var files = SqlFolder.Files(folder).Select(path => (Path: path, Shown: MigrationPaths.Relative(baseFolder, path)))
            .Select(file => (file.Path, file.Shown, Name: SqlFolder.Named(this, FileForm(), Path.GetFileName(file.Path), file.Shown, Example)))
            .ToArray();
        // The CLI cannot tell two files of one day apart; by their whole names they can be told, and run.
        var shared = files.GroupBy(file => file.Name.Groups["version"].Value, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return SqlFolder.InOrder(
            files.Select(file =>
            {
                var (script, checksum) = MigrationText.Read(file.Path, file.Shown, baseFolder);
                var (version, name) = (file.Name.Groups["version"].Value, file.Name.Groups["name"].Value);
                return new MigrationFile(shared.Contains(version) ? $"{version}_{name}" : version, name, file.Path, file.Shown, script, checksum, null) { RecordedChecksum = null };
            }),
            folder,
            Example);
    }

    public async Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken)
    {
        var rows = await TrackingQueries.RowsAsync(connection, this, $"select version::text, name::text from {Schema}.{Table} order by version", cancellationToken);
        return new TrackingTable(this, Schema, Table, rows is not null, [.. (rows ?? []).Select(row => new TrackedMigration(row[0]!, row[1] ?? "", null, null, null, Success: true, null))]);
    }

    /// <summary>As the CLI makes it (<c>supabase db push</c>).</summary>
    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var columns = await connection.ScalarAsync<long>($"select count(*) from pg_attribute where attrelid = to_regclass('{Schema}.{Table}') and attname in ('version', 'statements', 'name') and not attisdropped", cancellationToken);
        if (columns < 3)
        {
            await TrackingQueries.CreateAsync(
                connection,
                [
                    $"create schema if not exists {Schema}",
                    $"create table if not exists {Schema}.{Table} (version text not null primary key)",
                    $"alter table {Schema}.{Table} add column if not exists statements text[]",
                    $"alter table {Schema}.{Table} add column if not exists name text",
                ],
                cancellationToken);
        }

        return new TrackingTable(this, Schema, Table, Exists: true, []);
    }

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        [TrackingQueries.Command($"insert into {tracking.QualifiedName} (version, statements, name) values ($1, $2, $3)", step.Migration, step.Statements.Select(statement => statement.Sql).ToArray(), step.Name)];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => TrackingQueries.Command($"delete from {tracking.QualifiedName} where version = $1", step.Migration);

    /// <summary>The CLI has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    [GeneratedRegex(@"^(?<version>[0-9]+)_(?<name>.*)\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileForm();
}
