using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary><c>NNN_name.sql</c>, undone by <c>NNN_name_rollback.sql</c>.</summary>
public sealed class NumberedLayout : IMigrationLayout
{
    private const string Suffix = ".sql";
    internal const string RollbackSuffix = "_rollback.sql";

    private static readonly Text Example = new("Name files like 001_create_users.sql, and what undoes them 001_create_users_rollback.sql.", "Nommez les fichiers comme 001_create_users.sql, et leur annulation 001_create_users_rollback.sql.");

    public string Name => "numbered";

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var paths = SqlFolder.Files(folder).ToDictionary(path => Path.GetFileName(path), path => path, StringComparer.Ordinal);
        var names = paths.Keys.Where(name => !IsRollback(name)).ToArray();
        // The names first: nothing is read from a folder that is laid out wrongly.
        var migrations = names.Select(name => Named(name, Shown(paths[name]))).OrderBy(file => file.Version, VersionOrder.Instance).ToArray();
        var orphan = paths.Keys.FirstOrDefault(name => IsRollback(name) && !paths.ContainsKey(Undone(name)));
        if (orphan is not null)
            throw OrphanRollback(orphan, Shown(paths[orphan]));
        if (migrations.Length == 0)
            throw NoMigrations(folder);
        for (var next = 1; next < migrations.Length; next++)
        {
            if (VersionOrder.SameNumber(migrations[next - 1].Version, migrations[next].Version))
                throw Duplicate(migrations[next].Version, Shown(paths[migrations[next - 1].FileName]), migrations[next].FileName);
        }
        return [.. migrations.Select(ReadFile)];

        string Shown(string path) => MigrationPaths.Relative(baseFolder, path);

        MigrationFile ReadFile(NumberedFile file)
        {
            var (path, shown) = (paths[file.FileName], Shown(paths[file.FileName]));
            var (script, checksum, _) = MigrationText.Read(path, shown, baseFolder);
            return new MigrationFile(file.Version, file.Name, path, shown, script, checksum, paths.GetValueOrDefault(file.FileName[..^Suffix.Length] + RollbackSuffix));
        }
    }

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken) =>
        NumberedTracking.ReadAsync(this, connection, cancellationToken);

    public Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => NumberedTracking.EnsureAsync(this, connection, cancellationToken);

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) => [NumberedTracking.RecordSuccess(tracking, step, executedBy, started)];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => NumberedTracking.Remove(tracking, step);

    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) =>
        NumberedTracking.RecordFailureAsync(connection, tracking, step, executedBy, error, cancellationToken);

    private static bool IsRollback(string name) => name.EndsWith(RollbackSuffix, StringComparison.Ordinal);

    private static string Undone(string name) => name[..^RollbackSuffix.Length] + Suffix;

    private static NumberedFile Named(string fileName, string shownPath)
    {
        var underscore = fileName.IndexOf('_', StringComparison.Ordinal);
        return underscore > 0 && fileName.Length > underscore + 1 + Suffix.Length && fileName.AsSpan(0, underscore).IndexOfAnyExceptInRange('0', '9') < 0
            ? new NumberedFile(fileName[..underscore], fileName[(underscore + 1)..^Suffix.Length], fileName)
            : throw new EclusierException(
                new Text($"\"{fileName}\" does not fit the layout \"numbered\".", $"« {fileName} » ne suit pas la disposition « numbered »."),
                shownPath,
                Example,
                ExitCode.Usage);
    }

    private static EclusierException NoMigrations(string folder) => new(
        new Text("The folder holds no migrations.", "Le dossier ne contient aucune migration."), folder, Example, ExitCode.Usage);

    private static EclusierException Duplicate(string version, string first, string second) => new(
        new Text($"Two files have version {version}: {Path.GetFileName(first)} and {second}.", $"Deux fichiers portent la version {version} : {Path.GetFileName(first)} et {second}."),
        first,
        new Text("Give one of them another number.", "Donnez un autre numéro à l'un des deux."),
        ExitCode.Usage);

    private static EclusierException OrphanRollback(string name, string shownPath) => new(
        new Text($"\"{name}\" undoes \"{Undone(name)}\", which is not there.", $"« {name} » annule « {Undone(name)} », qui n'existe pas."),
        shownPath,
        new Text("Name it after the migration that it undoes; a migration's own name cannot end in _rollback.", "Nommez-le d'après la migration qu'il annule ; le nom d'une migration ne peut pas finir par _rollback."),
        ExitCode.Usage);

    private sealed record NumberedFile(string Version, string Name, string FileName);
}
