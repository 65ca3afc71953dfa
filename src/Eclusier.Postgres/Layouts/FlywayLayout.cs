using System.Globalization;
using System.IO.Hashing;
using System.Text.RegularExpressions;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// Flyway: <c>V1.2__name.sql</c>, repeatable <c>R__name.sql</c> (again whenever their checksum changes, after all others), undo
/// <c>U1.2__name.sql</c>; the table <c>flyway_schema_history</c>.
/// </summary>
public sealed partial class FlywayLayout : IMigrationLayout
{
    private const string Table = "flyway_schema_history";
    private const string Repeatable = "R__";

    private static readonly Text Example = new("Name files like V1__create_users.sql, R__views.sql, U1__create_users.sql.", "Nommez les fichiers comme V1__create_users.sql, R__views.sql, U1__create_users.sql.");

    public string Name => "flyway";

    /// <summary>Versions by their numbers; then what is repeatable, by its description.</summary>
    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var paths = Paths(folder).Select(path => (Path: path, Shown: MigrationPaths.Relative(baseFolder, path)))
            .Select(file => (file.Path, file.Shown, Name: SqlFolder.Named(this, FileForm(), System.IO.Path.GetFileName(file.Path), file.Shown, Example)))
                .ToLookup(file => file.Name.Groups["kind"].Value);
        var undo = paths["U"].GroupBy(file => Version(file.Name), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Path, StringComparer.Ordinal);
        // A baseline migration stands for the versions up to its own, which do the same: see Problems for where they are gone.
        return SqlFolder.Checked(
            paths["V"].Concat(paths["R"]).Select(file => ReadFile(file.Path, file.Shown, file.Name, folder, baseFolder, undo))
                .OrderBy(file => file.Version, VersionOrder.Instance),
            folder,
            Example,
            (one, other) => HasPlace(one) && HasPlace(other) && VersionOrder.Instance.Compare(Canonical(one), Canonical(other)) == 0);
    }

    public bool HasPlace(string version) => !version.StartsWith(Repeatable, StringComparison.Ordinal);

    /// <summary>Flyway's own, but for what its callbacks and its baseline migrations would do.</summary>
    public IEnumerable<PlanProblem> Problems(string folder, IReadOnlyList<MigrationFile> files, TrackingTable tracking)
    {
        var others = SqlFolder.Files(this, folder, recursive: true).Select(path => System.IO.Path.GetFileName(path)).ToArray();
        var callbacks = others.Where(name => Callback().IsMatch(name)).Order(StringComparer.Ordinal).ToArray();
        if (callbacks.Length > 0)
        {
            yield return new PlanProblem(
                "callback",
                "",
                new Text($"Flyway's callbacks are not run: {string.Join(", ", callbacks)}",
                    $"les callbacks de Flyway ne sont pas exécutés : {string.Join(", ", callbacks)}"),
                Blocks: false);
        }

        var baseline = others.Select(name => FileForm().Match(name)).Where(name => name.Groups["kind"].Value == "B").MaxBy(Version, VersionOrder.Instance);
        if (baseline is null || tracking.Rows.Any(row => row.Success && HasPlace(row.Version))
            || files.Any(file => HasPlace(file.Version) && VersionOrder.Instance.Compare(file.Version, Version(baseline)) <= 0))
            yield break;
        yield return new PlanProblem(
            "baseline-migration",
            Version(baseline),
            new Text(
                $"{baseline.Value} builds a new database in Flyway, and baseline migrations are not run here",
                $"{baseline.Value} construit une nouvelle base avec Flyway, et les migrations de référence ne sont pas exécutées ici"),
            Blocks: true)
        {
            Remedy = new Text("Let Flyway build it once; or keep the versions that it stands for in the folder.",
                "Laissez Flyway la construire une fois ; ou gardez dans le dossier les versions qu'elle remplace."),
        };
    }

    /// <summary>What Flyway's own settings say.</summary>
    public TrackingPlace Configured(MigrationSettings settings) => FlywayConfig.Tracking(settings.Path, settings.BaseFolder);

    /// <summary><c>U1__name.sql</c></summary>
    internal static bool IsUndo(string fileName) => FileForm().Match(fileName).Groups["kind"].Value == "U";

    private IEnumerable<string> Paths(string folder) => SqlFolder.Files(this, folder, recursive: true)
        .Where(path => !Callback().IsMatch(System.IO.Path.GetFileName(path)));

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken) => TrackingQueries.ReadAsync(
        connection,
        this,
        place.Or(new(null, Table)),
        "description::text, version::text, type::text, checksum::text, (extract(epoch from installed_on at time zone current_setting('TimeZone')) * 1000)::bigint::text, execution_time::text, success::int::text, script::text",
        "installed_rank",
        rows => Applied(rows, files),
        cancellationToken);

    /// <summary>As Flyway makes it (<c>PostgreSQLDatabase.getRawCreateScript</c>).</summary>
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
                      installed_rank int not null, version varchar(50), description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum integer,
                      installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time integer not null, success boolean not null
                    )
                    """,
                    $"alter table {tracking.QualifiedName} add constraint {Identifier.Quote($"{tracking.Name}_pk")} primary key (installed_rank)",
                    $"create index {Identifier.Quote($"{tracking.Name}_s_idx")} on {tracking.QualifiedName} (success)",
                ],
                cancellationToken);
        }

        return tracking with { Exists = true };
    }

    /// <summary>A failed row goes first, as after <c>flyway repair</c>.</summary>
    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
    [
        TrackingQueries.Command($"delete from {tracking.QualifiedName} where script = $1 and not success", step.Recorded["script"]),
        Insert(tracking, step, $"(extract(epoch from clock_timestamp() - {started}) * 1000)::int", success: true),
    ];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) =>
        step.Migration.StartsWith(Repeatable, StringComparison.Ordinal)
            ? TrackingQueries.Command($"delete from {tracking.QualifiedName} where version is null and script = $1", step.Recorded["script"])
            : TrackingQueries.Command($"delete from {tracking.QualifiedName} where version = $1", step.Migration);

    public async Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken)
    {
        // Of a failed transaction Flyway keeps nothing on PostgreSQL.
        if (!step.Transactional)
            await TrackingQueries.ExecuteAsync(connection, Insert(tracking, step, "0", success: false), cancellationToken);
    }

    /// <summary>CRC-32 over the lines, without their ends and without a byte order mark (Flyway's <c>ChecksumCalculator</c>).</summary>
    public static int ChecksumOf(string text)
    {
        var crc = new Crc32();
        using var reader = new StringReader(text.TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line)
            crc.Append(System.Text.Encoding.UTF8.GetBytes(line));

        return (int)crc.GetCurrentHashAsUInt32();
    }

    private static NpgsqlBatchCommand Insert(TrackingTable tracking, Step step, string took, bool success)
    {
        var command = TrackingQueries.Command(
            $"""
            insert into {tracking.QualifiedName} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            select coalesce(max(installed_rank), 0) + 1, nullif($1, ''), $2, 'SQL', $3, $4, current_user, {took}, {(success ? "true" : "false")} from {tracking.QualifiedName}
            """,
            step.Migration.StartsWith(Repeatable, StringComparison.Ordinal) ? "" : step.Migration, step.Recorded["description"], step.Recorded["script"], int.Parse(step.Recorded["checksum"], CultureInfo.InvariantCulture));
        return command;
    }

    /// <summary>A baseline covers every version up to its own; a repeatable migration is applied as long as its checksum is the last one applied.</summary>
    private static List<TrackedMigration> Applied(IReadOnlyList<string?[]> rows, IReadOnlyList<MigrationFile> files)
    {
        var applied = new Dictionary<string, TrackedMigration>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var tracked = new TrackedMigration(row[1] ?? $"{Repeatable}{row[0]!.Replace(' ', '_')}", row[0]!.Replace(' ', '_'), row[3], TrackingQueries.Time(row[4]), row[5] is { } took ? int.Parse(took, CultureInfo.InvariantCulture) : null, row[6] == "1", null);
            switch (row[2])
            {
                // Of the command, and of a B file.
                case "BASELINE" or "SQL_BASELINE" or "BASELINE_SQL" or "JDBC_BASELINE" or "SCRIPT_BASELINE":
                    foreach (var file in files.Where(file => row[1] is { } baseline && row[6] == "1"
                        && !file.Version.StartsWith(Repeatable, StringComparison.Ordinal) && VersionOrder.Instance.Compare(file.Version, baseline) <= 0))
                        applied[file.Version] = tracked with { Version = file.Version, Name = file.Name, Checksum = null };
                    break;
                case "UNDO_SQL" or "UNDO_JDBC" or "UNDO_SCRIPT" or "DELETE":
                    applied.Remove(tracked.Version);
                    break;
                case "SCHEMA":
                    break;
                default:
                    applied[tracked.Version] = tracked;
                    break;
            }
        }

        return [.. applied.Values.Where(row => !row.Version.StartsWith(Repeatable, StringComparison.Ordinal) || files.All(file => file.Version != row.Version || file.RecordedChecksum == row.Checksum))];
    }

    private MigrationFile ReadFile(string path, string shown, Match name, string folder, string baseFolder, Dictionary<string, string> undo)
    {
        var content = MigrationText.Read(path, shown, baseFolder, this);
        if (Placeholder().Match(content.Text) is { Success: true } placeholder)
        {
            throw new InvalidInputException(
                new Text($"The migration holds a placeholder of Flyway's: {placeholder.Value}.", $"La migration contient un paramètre de Flyway : {placeholder.Value}."), shown, new Text("Write its value into the file; placeholders are not filled in.", "Écrivez sa valeur dans le fichier ; les paramètres ne sont pas remplacés."));
        }

        var version = name.Groups["kind"].Value == "R" ? $"{Repeatable}{name.Groups["name"].Value}" : Version(name);
        var crc = ChecksumOf(content.Text).ToString(CultureInfo.InvariantCulture);
        return new MigrationFile(version, name.Groups["name"].Value, path, shown, content.Parts.Up, content.Checksum, undo.GetValueOrDefault(version))
        {
            NoTransaction = File.Exists($"{path}.conf") && File.ReadAllText($"{path}.conf").Replace(" ", "", StringComparison.Ordinal).Contains("executeInTransaction=false", StringComparison.OrdinalIgnoreCase),
            RecordedChecksum = crc,
            Recorded = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["description"] = name.Groups["name"].Value.Replace('_', ' '),
                ["script"] = System.IO.Path.GetRelativePath(folder, path),
                ["checksum"] = crc,
            },
        };
    }

    /// <summary>Underscores stand for dots.</summary>
    private static string Version(Match name) => name.Groups["version"].Value.Replace('_', '.');

    /// <summary>Flyway leaves out zeros at the end: 1.0 is 1.</summary>
    private static string Canonical(string version) => Zeros().Replace(version, "");

    [GeneratedRegex(@"(\.0+)+$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Zeros();

    /// <summary>The events of its <c>Event</c>, with or without a description.</summary>
    [GeneratedRegex(@"^(((before|after)[A-Z][A-Za-z]*)|createSchema)(__.*)?\.sql$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Callback();

    [GeneratedRegex(@"^((?<kind>[VUB])(?<version>[0-9]+([._][0-9]+)*)|(?<kind>R))__(?<name>.+)\.sql$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FileForm();

    [GeneratedRegex(@"\$\{[A-Za-z][A-Za-z0-9_.:]*\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Placeholder();
}
