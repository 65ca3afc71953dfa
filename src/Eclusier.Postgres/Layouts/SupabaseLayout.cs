using System.Text.RegularExpressions;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>Supabase's CLI: <c>TIMESTAMP_name.sql</c>; the table <c>supabase_migrations.schema_migrations</c> keeps the statements, too.</summary>
public sealed partial class SupabaseLayout : IMigrationLayout
{
    private const string Schema = "supabase_migrations";
    private const string Table = "schema_migrations";

    private static readonly Text Example = new("Name files like 20240131120000_create_users.sql.", "Nommez les fichiers comme 20240131120000_create_users.sql.");

    public string Name => "supabase";

    /// <summary>The CLI compares versions as text, and runs files in the order of their names.</summary>
    public IComparer<string> Order => StringComparer.Ordinal;

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        RefusePairs(folder, baseFolder);
        var files = SqlFolder.Files(this, folder).OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal)
            .Select(path => (Path: path, Shown: MigrationPaths.Relative(baseFolder, path)))
            .Select(file => (file.Path, file.Shown, Name: SqlFolder.Named(this, FileForm(), Path.GetFileName(file.Path), file.Shown, Example)))
            .ToArray();
        // The CLI cannot tell two files of one day apart; by their whole names they can be told, and run.
        var shared = files.GroupBy(file => file.Name.Groups["version"].Value, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return SqlFolder.Checked(
            files.Select(file =>
            {
                var content = MigrationText.Read(file.Path, file.Shown, baseFolder, this);
                var (version, name) = (file.Name.Groups["version"].Value, file.Name.Groups["name"].Value);
                return new MigrationFile(shared.Contains(version) ? $"{version}_{name}" : version, name, file.Path, file.Shown, content.Parts.Up,
                    content.Checksum, null)
                {
                    RecordedChecksum = null,
                    Recorded = new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = content.Text },
                };
            }),
            folder,
            Example);
    }

    /// <summary>Of two files with one version the CLI can record only one: its next <c>db push</c> stops.</summary>
    public IEnumerable<PlanProblem> Problems(string folder, IReadOnlyList<MigrationFile> files, TrackingTable tracking) =>
        from file in files
        group file by DigitsOf(file.Version) into sharing
        where sharing.Count() > 1
        let names = string.Join(", ", sharing.Select(file => file.FileName))
        select new PlanProblem(
            "shared-version",
            sharing.First().Version,
            new Text(
                $"{names} have one version, so that they are recorded by their whole names; `supabase db push` will stop there until each has a version of its own",
                $"{names} portent une même version, et sont donc enregistrées sous leur nom entier ; `supabase db push` s'y arrêtera tant que chacune n'a pas sa propre version"),
            Blocks: false);

    /// <summary>The CLI knows no way back: it would run what undoes a migration like any other.</summary>
    private void RefusePairs(string folder, string baseFolder)
    {
        var names = SqlFolder.Files(this, folder).Select(path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (NumberedNames.UndoneBy(name, names) is { Length: > 0 } undone)
            {
                throw new InvalidInputException(
                    new Text(
                        $"\"{name}\" undoes \"{undone}\", and would run like any other migration.",
                        $"« {name} » annule « {undone} », et s'exécuterait comme toute autre migration."),
                    MigrationPaths.Relative(baseFolder, Path.Combine(folder, name)),
                    new Text(
                        "Put what undoes a file below -- eclusier: rollback in the file itself; or use the layout numbered, which reads such pairs.",
                        "Placez ce qui annule un fichier sous -- eclusier: rollback dans le fichier même ; ou utilisez la disposition numbered, qui lit ces paires."));
            }
        }
    }

    private static string DigitsOf(string version) => version.IndexOf('_', StringComparison.Ordinal) is > 0 and var underscore ? version[..underscore]
        : version;

    public async Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken)
    {
        var rows = await TrackingQueries.RowsAsync(connection, this, $"select version::text, name::text from {Place(place).QualifiedName} order by version",
            cancellationToken);
        var tracked = (rows ?? []).Select(row => new TrackedMigration(row[0]!, row[1] ?? "", null, null, null, Success: true, null)).ToArray();
        return Place(place) with { Exists = rows is not null, Rows = UnderTheirFiles(tracked, files) };
    }

    /// <summary>The table keeps every migration's statements.</summary>
    public async Task<IReadOnlyList<LostMigration>> LostAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken)
    {
        var lost = (await ReadTrackingAsync(connection, place, files, cancellationToken)).Rows.Select(row => row.Version)
            .Except(files.Select(file => file.Version), StringComparer.Ordinal).ToArray();
        if (lost.Length == 0)
            return [];
        var sql = $"select version, coalesce(name, ''), statements from {Place(place).QualifiedName} where version = any($1) order by version";
        return await connection.RowsAsync(
            sql,
            row => new LostMigration(row.GetString(0), row.GetString(1), $"{row.GetString(0)}_{row.GetString(1)}.sql", row.IsDBNull(2) ? null : Joined(row.GetFieldValue<string[]>(2))),
            cancellationToken,
            [lost]);
    }

    /// <summary>As the CLI makes it (<c>supabase db push</c>).</summary>
    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken)
    {
        var tracking = Place(place);
        var columns = await connection.ScalarAsync<long>($"select count(*) from pg_attribute where attrelid = to_regclass({Literal.Quote(tracking.QualifiedName)}) and attname in ('version', 'statements', 'name') and not attisdropped", cancellationToken);
        if (columns < 3)
        {
            await TrackingQueries.CreateAsync(
                connection,
                [
                    $"create schema if not exists {Identifier.Quote(tracking.Schema)}",
                    $"create table if not exists {tracking.QualifiedName} (version text not null primary key)",
                    $"alter table {tracking.QualifiedName} add column if not exists statements text[]",
                    $"alter table {tracking.QualifiedName} add column if not exists name text",
                ],
                cancellationToken);
        }

        return tracking with { Exists = true };
    }

    private TrackingTable Place(TrackingPlace place) => new(this, place.Schema ?? Schema, place.Table ?? Table, Exists: false, []);

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        [TrackingQueries.Command($"insert into {tracking.QualifiedName} (version, statements, name) values ($1, $2, $3)", step.Migration, Statements(step), step.Name)];

    /// <summary>The CLI keeps what stands between two semicolons, comments and all. It knows neither included files nor COPY's lines.</summary>
    private static string[] Statements(Step step) => step.Statements.Any(statement => statement.Input is not null || statement.IncludedFrom is not null)
        ? [.. step.Statements.Select(statement => statement.Sql)]
        : [.. ScriptSplitter.Pieces(step.Recorded["text"])];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => TrackingQueries.Command(
        $"delete from {tracking.QualifiedName} as t where version = $1 or (name = $2 and not exists (select from {tracking.QualifiedName} where version = $1))", step.Migration, step.Name);

    /// <summary>The CLI has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The CLI keeps statements without their semicolons, the platform's API whole files.</summary>
    private static string Joined(string[] statements) => string.Concat(statements.Select(statement => statement.TrimEnd()).Select(text => $"{text}{End(text)}\n"));

    /// <summary>A semicolon behind a comment would be part of it.</summary>
    private static string End(string text) =>
        text.EndsWith(';') ? "" : text[(text.LastIndexOf('\n') + 1)..].Contains("--", StringComparison.Ordinal) ? "\n;" : ";";

    /// <summary>
    /// The dashboard and the platform's API give a migration the time at which they applied it, so that the row of a file may have another version, under the same name.
    /// A name that several files or several unknown rows share says nothing.
    /// </summary>
    private static IReadOnlyList<TrackedMigration> UnderTheirFiles(IReadOnlyList<TrackedMigration> rows, IReadOnlyList<MigrationFile> files)
    {
        var known = rows.Select(row => row.Version).ToHashSet(StringComparer.Ordinal);
        var versions = files.Select(file => file.Version).ToHashSet(StringComparer.Ordinal);
        var strays = rows.Where(row => !versions.Contains(row.Version) && row.Name.Length > 0).ToLookup(row => row.Name, StringComparer.Ordinal);
        var waiting = files.Where(file => !known.Contains(file.Version)).ToLookup(file => file.Name, StringComparer.Ordinal);
        return [.. rows.Select(row => strays[row.Name].Count() == 1 && strays[row.Name].Single() == row && waiting[row.Name].Count() == 1 ? row with { Version = waiting[row.Name].Single().Version } : row)];
    }

    [GeneratedRegex(@"^(?<version>[0-9]+)_(?<name>.*)\.sql$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FileForm();
}
