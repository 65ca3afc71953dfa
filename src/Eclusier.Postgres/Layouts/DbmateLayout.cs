using System.Text.RegularExpressions;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>dbmate: <c>VERSION_name.sql</c> with <c>-- migrate:up</c> and <c>-- migrate:down</c>; the table <c>schema_migrations</c> holds versions alone.</summary>
public sealed partial class DbmateLayout : IMigrationLayout
{
    private const string Table = "schema_migrations";

    private static readonly Text Example = new("Name files like 20240131120000_create_users.sql, with -- migrate:up and -- migrate:down in them.", "Nommez les fichiers comme 20240131120000_create_users.sql, avec -- migrate:up et -- migrate:down.");

    public string Name => "dbmate";

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder) =>
        SqlFolder.InOrder(SqlFolder.Files(folder).Select(path => ReadFile(path, MigrationPaths.Relative(baseFolder, path))), folder, Example);

    public Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken) =>
        TrackingQueries.ReadAsync(connection, this, Table, "t.version::text", "t.version", rows => [.. rows.Select(row => Applied(row[0]!, files))], cancellationToken);

    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tracking = await ReadTrackingAsync(connection, [], cancellationToken);
        if (!tracking.Exists)
            await TrackingQueries.CreateAsync(connection, [$"create table {tracking.QualifiedName} (version varchar primary key)"], cancellationToken);
        return tracking with { Exists = true };
    }

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        [TrackingQueries.Command($"insert into {tracking.QualifiedName} (version) values ($1)", step.Migration)];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) => TrackingQueries.Command($"delete from {tracking.QualifiedName} where version = $1", step.Migration);

    /// <summary>dbmate has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    private static TrackedMigration Applied(string version, IReadOnlyList<MigrationFile> files) =>
        new(version, files.FirstOrDefault(file => file.Version == version)?.Name ?? "", null, null, null, Success: true, null);

    private MigrationFile ReadFile(string path, string shown)
    {
        var named = SqlFolder.Named(this, FileForm(), Path.GetFileName(path), shown, Example);
        var text = MigrationText.ReadText(path, shown);
        var up = UpMarker().Match(text);
        if (!up.Success)
        {
            throw new EclusierException(
                new Text("The migration has no -- migrate:up.", "La migration n'a pas de -- migrate:up."), shown, new Text("Put -- migrate:up above what it does, and -- migrate:down above what undoes it.", "Placez -- migrate:up au-dessus de ce qu'elle fait, et -- migrate:down au-dessus de ce qui l'annule."), ExitCode.Usage);
        }

        var down = DownMarker().Match(text);
        var undo = down.Success ? Part(text, down, up, shown) : null;
        return new MigrationFile(named.Groups["version"].Value, named.Groups["name"].Value, path, shown, Part(text, up, down, shown), MigrationText.Checksum(text), null)
        {
            // Without a statement there is nothing that undoes it.
            Down = undo is not null && MigrationText.HasStatement(undo.Text, shown) ? undo : null,
            NoTransaction = up.Groups["options"].Value.Contains("transaction:false", StringComparison.OrdinalIgnoreCase),
            RecordedChecksum = null,
        };
    }

    /// <summary>From one marker to the other, or to the end; lines keep their numbers.</summary>
    private static ScriptSource Part(string text, Match from, Match other, string shown)
    {
        var start = from.Index + from.Length;
        var end = other.Success && other.Index > from.Index ? other.Index : text.Length;
        return new ScriptSource(new string('\n', text.AsSpan(0, start).Count('\n')) + text[start..end], shown);
    }

    [GeneratedRegex(@"^--[ \t]*migrate:up(?<options>[ \t]+[^\r\n]*)?[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UpMarker();

    [GeneratedRegex(@"^--[ \t]*migrate:down(?<options>[ \t]+[^\r\n]*)?[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DownMarker();

    [GeneratedRegex(@"^(?<version>[0-9]+)_?(?<name>.*)\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileForm();
}
