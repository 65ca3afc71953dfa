using Eclusier.Planning;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary><c>NNN_name.sql</c>, undone by <c>NNN_name_rollback.sql</c>; or <c>NNN_name.up.sql</c>, undone by <c>NNN_name.down.sql</c>.</summary>
public sealed class NumberedLayout : IMigrationLayout
{
    private static readonly Text Example = new("Name files like 001_create_users.sql, and what undoes them 001_create_users_rollback.sql.", "Nommez les fichiers comme 001_create_users.sql, et leur annulation 001_create_users_rollback.sql.");

    public string Name => "numbered";

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var paths = SqlFolder.Files(this, folder).ToDictionary(path => Path.GetFileName(path), path => path, StringComparer.Ordinal);
        var names = paths.Keys.ToHashSet(StringComparer.Ordinal);
        var undoing = names.Select(name => (Name: name, Undone: NumberedNames.UndoneBy(name, names))).Where(file => file.Undone is not null).ToArray();
        // The names first: nothing is read from a folder that is laid out wrongly.
        var migrations = names.Except(undoing.Select(file => file.Name), StringComparer.Ordinal).Select(name => Named(name, Shown(paths[name])))
            .OrderBy(file => file.Version, Order).ThenBy(file => file.FileName, StringComparer.Ordinal).ToArray();
        if (undoing.FirstOrDefault(file => file.Undone!.Length == 0) is { Name: { } orphan })
            throw OrphanRollback(orphan, Shown(paths[orphan]));
        if (migrations.Length == 0)
            throw SqlFolder.NoMigrations(folder, Example);
        for (var next = 1; next < migrations.Length; next++)
        {
            if (migrations[next - 1].Version == migrations[next].Version || VersionOrder.SameNumber(migrations[next - 1].Version, migrations[next].Version))
                throw Duplicate(migrations[next].Version, Shown(paths[migrations[next - 1].FileName]), migrations[next].FileName);
        }

        var undo = undoing.GroupBy(file => file.Undone!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(file => file.Name).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        if (undo.Values.FirstOrDefault(files => files.Length > 1) is { } two)
            throw TwoWaysBack(two, Shown(paths[two[0]]));
        return [.. migrations.Select(ReadFile)];

        string Shown(string path) => MigrationPaths.Relative(baseFolder, path);

        MigrationFile ReadFile(NumberedFile file)
        {
            var (path, shown) = (paths[file.FileName], Shown(paths[file.FileName]));
            var content = MigrationText.Read(path, shown, baseFolder, this);
            return new MigrationFile(file.Version, file.Name, path, shown, content.Parts.Up, content.Checksum, undo.TryGetValue(file.FileName, out var back)
                ? paths[back[0]] : null);
        }
    }

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken) =>
        NumberedTracking.ReadAsync(this, connection, place, cancellationToken);

    public Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken) =>
        NumberedTracking.EnsureAsync(this, connection, place, cancellationToken);

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) => [NumberedTracking.RecordSuccess(tracking, step, executedBy, started)];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => NumberedTracking.Remove(tracking, step);

    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) =>
        NumberedTracking.RecordFailureAsync(connection, tracking, step, executedBy, error, cancellationToken);

    private IComparer<string> Order => ((IMigrationLayout)this).Order;

    private NumberedFile Named(string fileName, string shownPath) => NumberedNames.Parse(fileName) is var (version, name)
        ? new NumberedFile(version, name, fileName)
        : throw SqlFolder.DoesNotFit(this, fileName, shownPath, Example);

    private static EclusierException Duplicate(string version, string first, string second) => new InvalidInputException(
        new Text($"Two files have version {version}: {Path.GetFileName(first)} and {second}.", $"Deux fichiers portent la version {version} : {Path.GetFileName(first)} et {second}."),
        first,
        new Text(
            "Give one of them another number; what undoes a migration is called after it: 001_create_users_rollback.sql, or 001_create_users.up.sql and 001_create_users.down.sql.",
            "Donnez un autre numéro à l'un des deux ; ce qui annule une migration porte son nom : 001_create_users_rollback.sql, ou 001_create_users.up.sql et 001_create_users.down.sql."));

    private static EclusierException OrphanRollback(string name, string shownPath) => new InvalidInputException(
        new Text($"\"{name}\" undoes a migration that is not there.", $"« {name} » annule une migration qui n'existe pas."),
        shownPath,
        new Text(
            "Name it after the migration that it undoes; a migration's own name cannot end in _rollback, .down, .undo or .revert.",
            "Nommez-le d'après la migration qu'il annule ; le nom d'une migration ne peut pas finir par _rollback, .down, .undo ou .revert."));

    private static EclusierException TwoWaysBack(string[] names, string shownPath) => new InvalidInputException(
        new Text($"Two files undo one migration: {names[0]} and {names[1]}.", $"Deux fichiers annulent une même migration : {names[0]} et {names[1]}."),
        shownPath,
        new Text("Keep one of them.", "Gardez-en un."));

    private sealed record NumberedFile(string Version, string Name, string FileName);
}
