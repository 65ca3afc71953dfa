using System.Text.RegularExpressions;
using Eclusier.Files;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// dbmate: <c>VERSION_name.sql</c> with <c>-- migrate:up</c> and <c>-- migrate:down</c>, in the order of the files' names (its <c>FindMigrations</c>);
/// the table <c>schema_migrations</c> holds versions alone.
/// </summary>
public sealed partial class DbmateLayout : IMigrationLayout
{
    private const string Table = "schema_migrations";

    private static readonly Text Example = new("Name files like 20240131120000_create_users.sql, with -- migrate:up and -- migrate:down in them.", "Nommez les fichiers comme 20240131120000_create_users.sql, avec -- migrate:up et -- migrate:down.");

    public string Name => "dbmate";

    public IComparer<string> Order => StringComparer.Ordinal;

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder) => SqlFolder.Checked(
        SqlFolder.Files(this, folder).OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal).Select(path => ReadFile(path, baseFolder)), folder,
            Example);

    /// <summary>The first schema of the URL's <c>search_path</c> (its <c>quotedMigrationsTableNameParts</c>), and its own variable for the name.</summary>
    public TrackingPlace Configured(MigrationSettings settings)
    {
        var path = settings.Url is { } url ? PostgresUrl.Parse(url).Parameter("search_path") : null;
        var schema = path?.Split(',')[0].Trim() is { Length: > 0 } first ? Identifier.NameOf(first) : null;
        return HostVariables.Find("DBMATE_MIGRATIONS_TABLE")?.Split('.') switch
        {
            [{ Length: > 0 } table] => new(schema, table),
            [var given, var table] => new(given, table),
            _ => new(schema, null),
        };
    }

    public MigrationParts Parts(string text, string shown) => DbmateSections.Read(text, shown);

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken) =>
        TrackingQueries.ReadAsync(
            connection,
            this,
            place.Or(new(null, Table)),
            // golang-migrate keeps its newest version alone, and the numbered layout what failed, too.
            "t.version::text, (to_jsonb(t) ?| array['dirty', 'success'])::text",
            "t.version",
            rows => [.. rows.Select(row => row[1] == "true" ? throw TrackingQueries.OfAnotherTool(connection, this, "dirty, success")
                : Applied(row[0]!, files))],
            cancellationToken);

    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken)
    {
        var tracking = await ReadTrackingAsync(connection, place, [], cancellationToken);
        if (!tracking.Exists)
            await TrackingQueries.CreateAsync(connection,
                [.. tracking.SchemaIfMissing(place), $"create table {tracking.QualifiedName} (version varchar primary key)"], cancellationToken);
        return tracking with { Exists = true };
    }

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        [TrackingQueries.Command($"insert into {tracking.QualifiedName} (version) values ($1)", step.Migration)];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => TrackingQueries.Command($"delete from {tracking.QualifiedName} where version = $1", step.Migration);

    /// <summary>dbmate has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    private static TrackedMigration Applied(string version, IReadOnlyList<MigrationFile> files) =>
        new(version, files.FirstOrDefault(file => file.Version == version)?.Name ?? "", null, null, null, Success: true, null);

    private MigrationFile ReadFile(string path, string baseFolder)
    {
        var shown = MigrationPaths.Relative(baseFolder, path);
        var named = SqlFolder.Named(this, FileForm(), Path.GetFileName(path), shown, Example);
        var content = MigrationText.Read(path, shown, baseFolder, this);
        return new MigrationFile(named.Groups["version"].Value, named.Groups["name"].Value, path, shown, content.Parts.Up, content.Checksum, null)
        {
            Down = content.Parts.Down,
            NoTransaction = content.Parts.NoTransaction,
            RecordedChecksum = null,
        };
    }

    [GeneratedRegex(@"^(?<version>[0-9]+)_?(?<name>.*)\.sql$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FileForm();
}
