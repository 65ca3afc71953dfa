using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>How a tool lays out migration files, and the table in which it keeps what is applied. We read and write both as the tool itself does.</summary>
public interface IMigrationLayout
{
    /// <summary>What a runbook's <c>layout</c> names.</summary>
    string Name { get; }

    /// <summary>Reads every migration of a folder, in file order, without parsing any.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="baseFolder">Where relative paths start from.</param>
    /// <exception cref="InvalidInputException">Files that are no migrations.</exception>
    IReadOnlyList<MigrationFile> Read(string folder, string baseFolder);

    /// <summary>What the tool's own markers make of a file's text. By default it has none.</summary>
    /// <param name="shown">The file's name in errors.</param>
    /// <exception cref="InvalidInputException">The markers do not fit together.</exception>
    MigrationParts Parts(string text, string shown) => new(new ScriptSource(text, shown));

    /// <summary>How the tool orders versions. Files come in the order in which it runs them, which is nearly always the same.</summary>
    IComparer<string> Order => VersionOrder.Instance;

    /// <summary>False for what runs again whenever it changes: nothing is older or newer than that.</summary>
    bool HasPlace(string version) => true;

    /// <summary>What a decision should know of the folder where something is pending.</summary>
    IEnumerable<PlanProblem> Problems(string folder, IReadOnlyList<MigrationFile> files, TrackingTable tracking) => [];

    /// <summary>Where the tool's own settings, or the database's URL, put its tracking table.</summary>
    TrackingPlace Configured(MigrationSettings settings) => TrackingPlace.Default;

    /// <summary>What the tracking table says, in one round trip where it exists.</summary>
    /// <param name="place">Where it was told to be.</param>
    /// <param name="files">Rows are matched with them where the table does not hold versions.</param>
    /// <exception cref="InvalidInputException">There is a table of that name with other columns.</exception>
    Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken);

    /// <summary>Creates what is missing of the table, in one transaction.</summary>
    /// <param name="place">Where it was told to be.</param>
    /// <param name="first">The first step that it will record; null: there is none yet.</param>
    Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken);

    /// <summary>Records success; meant to commit with the migration itself.</summary>
    /// <param name="started">SQL for the moment when the migration began.</param>
    IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started);

    /// <summary>Forgets a migration that is undone; meant to commit with what undoes it.</summary>
    NpgsqlBatchCommand Forget(TrackingTable tracking, Step step);

    /// <summary>The tool looks at the newest row alone: what is older and not recorded, it never runs.</summary>
    bool RunsOnlyWhatIsNewer(IReadOnlyList<MigrationFile> files) => false;

    /// <summary>Migrations that the table has and no file, with their text where it keeps it.</summary>
    async Task<IReadOnlyList<LostMigration>> LostAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken) =>
        [.. (await ReadTrackingAsync(connection, place, files, cancellationToken)).Rows.ExceptBy(files.Select(file => file.Version), row => row.Version,
            StringComparer.Ordinal)
            .Select(row => new LostMigration(row.Version, row.Name, $"{row.Version}_{row.Name}.sql", Text: null))];

    /// <summary>Records a failure where the tool has a place for it, on a transaction of its own. A migration that succeeded before stays a success.</summary>
    /// <param name="error">The server's words.</param>
    Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken);
}

/// <summary>A migration as it lies in its folder.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="RelativePath">From the base folder where the file is inside it, else absolute.</param>
/// <param name="Script">Its text, with the files that it includes.</param>
/// <param name="Checksum">SHA-256 (lower-case hex) of the text, and of each included one after it, with LF line ends and no byte order mark.</param>
/// <param name="RollbackFile">Absolute path of the file that undoes it; null when there is none.</param>
public sealed record MigrationFile(string Version, string Name, string Path, string RelativePath, ScriptSource Script, string Checksum, string? RollbackFile)
{
    public string Text => Script.Text;

    /// <summary>What people call it; for a migration that is a folder, the folder's name.</summary>
    public string FileName { get; init; } = System.IO.Path.GetFileName(Path);

    /// <summary>The part of the file that undoes it; null when there is none.</summary>
    public ScriptSource? Down { get; init; }

    /// <summary>Its tool would run it outside a transaction.</summary>
    public bool NoTransaction { get; init; }

    /// <summary>The checksum as its tool records it; null when it records none.</summary>
    public string? RecordedChecksum { get; init; } = Checksum;

    /// <summary>Its tool takes a file with other line ends for the same file.</summary>
    public bool AnyLineEnds { get; init; }

    /// <summary>True when that is what its tool would record of this file; what it does not record cannot differ.</summary>
    public bool IsRecordedAs(string checksum) => RecordedChecksum is null || checksum.Equals(RecordedChecksum, StringComparison.OrdinalIgnoreCase)
        || (AnyLineEnds && MigrationText.ChecksumsOfEitherLineEnds(Text).Contains(checksum, StringComparer.OrdinalIgnoreCase));

    /// <summary>What else its tool records.</summary>
    public IReadOnlyDictionary<string, string> Recorded { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What is in a tracking table, and where it is.</summary>
/// <param name="Schema">The schema it lies in, or would be created in; a plain name.</param>
/// <param name="Name">A plain name.</param>
/// <param name="Rows">One for each migration; of several rows, the one that counts.</param>
public sealed record TrackingTable(IMigrationLayout Layout, string Schema, string Name, bool Exists, IReadOnlyList<TrackedMigration> Rows)
{
    /// <summary>As SQL wants it.</summary>
    public string QualifiedName => $"{Identifier.Quote(Schema)}.{Identifier.Quote(Name)}";

    /// <summary>It keeps the migrations' names, too (Drizzle from 1.0 on).</summary>
    public bool WithNames { get; init; }

    public override string ToString() => $"{Schema}.{Name}";

    /// <summary>Creates the schema that was asked for by name, where it is not there.</summary>
    internal IEnumerable<string> SchemaIfMissing(TrackingPlace place) => place.Schema is null ? []
        : [$"create schema if not exists {Identifier.Quote(Schema)}"];

    /// <summary>What commits with a step: its row, or for a step that undoes a migration the end of it.</summary>
    internal IEnumerable<(NpgsqlBatchCommand Command, Statement? Statement)> Recording(Step step, string executedBy, string started = "now()") =>
        (step.Kind == Step.Rollback ? [Layout.Forget(this, step)] : Layout.Record(this, step, executedBy, started)).Select(command => (command, (Statement?)null));

    /// <summary>Beside a layout's own: how far the steps of a run have come.</summary>
    internal const string ProgressTable = "eclusier_progress";

    /// <summary>Beside a layout's own: what a baseline found, or a person said.</summary>
    internal const string SettlementTable = "eclusier_baseline";

    /// <summary>Every layout's tables, their sequences and functions: part of no migration.</summary>
    internal static readonly string[] Names =
    [
        "schema_migrations", "migration_applied", "record_migration", "record_migration_failure", "get_migration_status",
        "__drizzle_migrations", "__drizzle_migrations_id_seq", "_prisma_migrations", "flyway_schema_history", ProgressTable, SettlementTable,
    ];

    /// <summary>Schemas that hold nothing but a tracking table, and the one of the functions that pg_cron calls for us.</summary>
    internal static readonly string[] Schemas = ["drizzle", "supabase_migrations", "eclusier_maintenance"];
}

/// <summary>The layouts by name.</summary>
public static class MigrationLayouts
{
    private static readonly IMigrationLayout[] All = [new NumberedLayout(), new SupabaseLayout(), new DrizzleLayout(), new PrismaLayout(), new FlywayLayout(), new DbmateLayout()];

    /// <exception cref="InvalidInputException">An unknown layout.</exception>
    public static IMigrationLayout Find(string name) =>
        Array.Find(All, layout => layout.Name == name) ?? throw new InvalidInputException(
            new Text($"Layout \"{name}\" is not supported.", $"La disposition « {name} » n'est pas prise en charge."),
            "migrations.layout",
            new Text($"Supported: {string.Join(", ", All.Select(layout => layout.Name))}.", $"Prises en charge : {string.Join(", ", All.Select(layout => layout.Name))}."));
}
