using System.Globalization;
using System.Text.Json;
using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// drizzle-orm's migrator: files named by <c>meta/_journal.json</c>, in its order; the table <c>drizzle.__drizzle_migrations</c> holds the
/// SHA-256 of each file as it lies there, and the journal's <c>when</c>. Breakpoints (<c>--> statement-breakpoint</c>) are comments to us.
/// </summary>
public sealed class DrizzleLayout : IMigrationLayout
{
    private const string Schema = "drizzle";
    private const string Table = "__drizzle_migrations";

    public string Name => "drizzle";

    /// <summary>See <c>PgDialect.migrate</c>: it compares each file's time with that of the newest row.</summary>
    public bool RunsOnlyWhatIsNewer => true;

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var journal = Path.Combine(folder, "meta", "_journal.json");
        var entries = Entries(journal, MigrationPaths.Relative(baseFolder, journal));
        return [.. entries.OrderBy(entry => entry.Index).Select(entry => ReadFile(Path.Combine(folder, $"{entry.Tag}.sql"), entry, baseFolder))];
    }

    public async Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken)
    {
        var rows = await TrackingQueries.RowsAsync(connection, this, $"select hash::text, created_at::text from {Schema}.{Table} order by created_at, id", cancellationToken);
        return new TrackingTable(this, Schema, Table, rows is not null, [.. (rows ?? []).Select(row => Applied(row[0]!, row[1] ?? "", files))]);
    }

    /// <summary>As drizzle-orm makes it (<c>PgDialect.migrate</c>).</summary>
    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select to_regclass('{Schema}.{Table}') is not null", cancellationToken))
        {
            await TrackingQueries.CreateAsync(
                connection, [$"create schema if not exists {Schema}", $"create table if not exists {Schema}.{Table} (id serial primary key, hash text not null, created_at bigint)"], cancellationToken);
        }

        return new TrackingTable(this, Schema, Table, Exists: true, []);
    }

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        [TrackingQueries.Command($"insert into {tracking.QualifiedName} (hash, created_at) values ($1, $2)", step.Recorded["hash"], long.Parse(step.Recorded["when"], CultureInfo.InvariantCulture))];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) =>
        TrackingQueries.Command($"delete from {tracking.QualifiedName} where created_at = $1", long.Parse(step.Recorded["when"], CultureInfo.InvariantCulture));

    /// <summary>drizzle-orm has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>By the journal's time; a row that somebody wrote by hand may have the hash alone.</summary>
    private static TrackedMigration Applied(string hash, string when, IReadOnlyList<MigrationFile> files)
    {
        var file = files.FirstOrDefault(file => file.Recorded["when"] == when) ?? files.FirstOrDefault(file => file.RecordedChecksum == hash);
        var at = long.TryParse(when, NumberStyles.Integer, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null;
        return new TrackedMigration(file?.Version ?? when, file?.Name ?? "", hash, at, null, Success: true, null);
    }

    private static MigrationFile ReadFile(string path, JournalEntry entry, string baseFolder)
    {
        var shown = MigrationPaths.Relative(baseFolder, path);
        var (script, checksum, hash) = MigrationText.Read(path, shown, baseFolder);
        var underscore = entry.Tag.IndexOf('_', StringComparison.Ordinal);
        var version = underscore > 0 ? entry.Tag[..underscore] : entry.Tag;
        return new MigrationFile(version, underscore > 0 ? entry.Tag[(underscore + 1)..] : "", path, shown, script, checksum, null)
        {
            RecordedChecksum = hash,
            Recorded = new Dictionary<string, string>(StringComparer.Ordinal) { ["hash"] = hash, ["when"] = entry.When.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private static List<JournalEntry> Entries(string journal, string shown)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(journal));
            return [.. json.RootElement.GetProperty("entries").EnumerateArray().Select(entry => new JournalEntry(entry.GetProperty("idx").GetInt32(), entry.GetProperty("tag").GetString()!, entry.GetProperty("when").GetInt64()))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EclusierException(
                new Text($"Drizzle's journal cannot be read: {error.Message}", $"Le journal de Drizzle ne peut pas être lu : {error.Message}"),
                shown,
                new Text("\"migrations.path\" must be the folder that holds meta/_journal.json.", "« migrations.path » doit être le dossier qui contient meta/_journal.json."),
                ExitCode.Usage,
                error);
        }
    }

    private sealed record JournalEntry(int Index, string Tag, long When);
}
