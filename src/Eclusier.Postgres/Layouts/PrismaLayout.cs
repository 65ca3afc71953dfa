using System.Globalization;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>Prisma Migrate: a folder for each migration, with <c>migration.sql</c> in it; the table <c>_prisma_migrations</c>.</summary>
public sealed class PrismaLayout : IMigrationLayout
{
    private const string Table = "_prisma_migrations";
    private const string FileName = "migration.sql";

    private static readonly Text Example = new("Each migration is a folder like 20240131120000_create_users, with migration.sql in it.", "Chaque migration est un dossier comme 20240131120000_create_users, contenant migration.sql.");

    public string Name => "prisma";

    /// <summary>Its schema engine sorts the folders' names as text.</summary>
    public IComparer<string> Order => StringComparer.Ordinal;

    /// <summary>The URL's <c>schema</c>.</summary>
    public TrackingPlace Configured(MigrationSettings settings) => new(settings.Url is { } url ? PostgresUrl.Parse(url).Parameter("schema") : null, null);

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder) => SqlFolder.Checked(
        SqlFolder.Folders(this, folder).Where(path => File.Exists(Path.Combine(path, FileName))).OrderBy(path => Path.GetFileName(path), Order)
            .Select(path => ReadFile(path, baseFolder)), folder, Example);

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken) => TrackingQueries.ReadAsync(
        connection,
        this,
        place.Or(new(null, Table)),
        "migration_name::text, checksum::text, (extract(epoch from finished_at) * 1000)::bigint::text, (extract(epoch from finished_at - started_at) * 1000)::int::text, logs::text, (rolled_back_at is null)::int::text",
        "started_at",
        rows => [.. rows.Where(row => row[5] == "1").Select(row => new TrackedMigration(row[0]!, "", row[1], TrackingQueries.Time(row[2]), row[3] is { } took ? int.Parse(took, CultureInfo.InvariantCulture) : null, row[2] is not null, row[4]))],
        cancellationToken);

    /// <summary>As Prisma's schema engine makes it.</summary>
    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken)
    {
        var tracking = await ReadTrackingAsync(connection, place, [], cancellationToken);
        if (!tracking.Exists)
        {
            await TrackingQueries.CreateAsync(
                connection,
                [
                    .. tracking.SchemaIfMissing(place),
                    $"""
                    create table {tracking.QualifiedName} (
                      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text,
                      rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0
                    )
                    """,
                ],
                cancellationToken);
        }

        return tracking with { Exists = true };
    }

    /// <summary>What failed before counts as rolled back, as after <c>prisma migrate resolve</c>.</summary>
    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
    [
        TrackingQueries.Command($"update {tracking.QualifiedName} set rolled_back_at = now() where migration_name = $1 and finished_at is null and rolled_back_at is null", step.Migration),
        TrackingQueries.Command(
            $"insert into {tracking.QualifiedName} (id, checksum, finished_at, migration_name, started_at, applied_steps_count) values (gen_random_uuid()::text, $1, clock_timestamp(), $2, {started}, 1)",
            step.Recorded["checksum"], step.Migration),
    ];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => TrackingQueries.Command($"delete from {tracking.QualifiedName} where migration_name = $1", step.Migration);

    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => TrackingQueries.ExecuteAsync(
        connection,
        TrackingQueries.Command(
            $"""
            with former as (update {tracking.QualifiedName} set rolled_back_at = now() where migration_name = $2 and finished_at is null and rolled_back_at is null)
            insert into {tracking.QualifiedName} (id, checksum, migration_name, logs, started_at) values (gen_random_uuid()::text, $1, $2, $3, now())
            """,
            step.Recorded["checksum"], step.Migration, error),
        cancellationToken);

    private MigrationFile ReadFile(string folder, string baseFolder)
    {
        var path = Path.Combine(folder, FileName);
        var shown = MigrationPaths.Relative(baseFolder, path);
        var content = MigrationText.Read(path, shown, baseFolder, this);
        var version = Path.GetFileName(folder);
        var underscore = version.IndexOf('_', StringComparison.Ordinal);
        return new MigrationFile(version, underscore > 0 ? version[(underscore + 1)..] : "", path, shown, content.Parts.Up, content.Checksum,
            SqlFolder.DownBeside(path))
        {
            FileName = version,
            RecordedChecksum = content.Raw,
            AnyLineEnds = true,
            Recorded = new Dictionary<string, string>(StringComparer.Ordinal) { ["checksum"] = content.Raw },
        };
    }
}
