using System.Globalization;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// drizzle-orm's migrator: see <see cref="DrizzleFiles"/>; the table <c>drizzle.__drizzle_migrations</c> holds the SHA-256 of each file as it lies
/// there, its time, and from 1.0 on its name. Breakpoints (<c>--> statement-breakpoint</c>) end a statement.
/// </summary>
public sealed class DrizzleLayout : IMigrationLayout
{
    internal const string Breakpoint = "--> statement-breakpoint";

    private const string Schema = "drizzle";
    private const string Table = "__drizzle_migrations";

    /// <summary>What the tracking table records, by its names in <see cref="MigrationFile.Recorded"/>.</summary>
    private const string Hash = "hash";
    private const string When = "when";
    private const string NameKey = "name";

    public string Name => "drizzle";

    public IComparer<string> Order => StringComparer.Ordinal;

    /// <summary>See <c>PgDialect.migrate</c>: it compares each file's time with that of the newest row; from 1.0 on it goes by the names.</summary>
    public bool RunsOnlyWhatIsNewer(IReadOnlyList<MigrationFile> files) => !files.Any(file => file.Recorded.ContainsKey(NameKey));

    public IReadOnlyList<MigrationFile> Read(string folder, string baseFolder)
    {
        var entries = DrizzleFiles.List(this, folder, baseFolder);
        // Branches that were merged may have given one number twice; by their whole names they can be told apart.
        var shared = entries.GroupBy(entry => Number(entry.Tag), StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        return [.. entries.Select(entry => ReadFile(entry, entry.Name ?? (shared.Contains(Number(entry.Tag)) ? entry.Tag : Number(entry.Tag)), baseFolder))];
    }

    /// <summary>What <c>drizzle.config</c> says under <c>migrations</c>.</summary>
    public TrackingPlace Configured(MigrationSettings settings) => DrizzleConfig.Tracking(settings.Path, settings.BaseFolder);

    public MigrationParts Parts(string text, string shown) => new(new ScriptSource(text, shown) { Breakpoint = Breakpoint });

    public async Task<TrackingTable> ReadTrackingAsync(NpgsqlConnection connection, TrackingPlace place, IReadOnlyList<MigrationFile> files,
        CancellationToken cancellationToken)
    {
        var tracking = Place(place);
        var rows = await TrackingQueries.RowsAsync(connection, this,
            $"select hash::text, created_at::text, to_jsonb(t) ->> 'name' from {tracking.QualifiedName} t order by created_at, id", cancellationToken);
        return tracking with { Exists = rows is not null, Rows = [.. (rows ?? []).Select(row => Applied(row[0]!, row[1] ?? "", row[2], files))] };
    }

    /// <summary>As drizzle-orm makes it (<c>PgDialect.migrate</c>).</summary>
    public async Task<TrackingTable> EnsureTrackingAsync(NpgsqlConnection connection, TrackingPlace place, Step? first, CancellationToken cancellationToken)
    {
        var tracking = Place(place);
        // Null: there is no such table.
        var withNames = await connection.ScalarAsync<bool?>(
            $"select exists (select from pg_attribute where attrelid = c.oid and attname = 'name' and not attisdropped) from pg_class c where c.oid = to_regclass({Literal.Quote(tracking.QualifiedName)})", cancellationToken);
        if (withNames is null)
        {
            withNames = first?.Recorded.ContainsKey(NameKey) == true;
            var names = withNames.Value ? ", name text, applied_at timestamp with time zone default now()" : "";
            await TrackingQueries.CreateAsync(
                connection,
                [$"create schema if not exists {Identifier.Quote(tracking.Schema)}",
                    $"create table if not exists {tracking.QualifiedName} (id serial primary key, hash text not null, created_at bigint{names})"],
                cancellationToken);
        }

        return tracking with { Exists = true, WithNames = withNames.Value };
    }

    private TrackingTable Place(TrackingPlace place) => new(this, place.Schema ?? Schema, place.Table ?? Table, Exists: false, []);

    public IEnumerable<NpgsqlBatchCommand> Record(TrackingTable tracking, Step step, string executedBy, string started) =>
        // Into a table without names, Drizzle 1.x puts them itself, by time and hash, when it next runs (its up-migrations).
        tracking.WithNames && step.Recorded.TryGetValue(NameKey, out var name)
            ? [TrackingQueries.Command($"insert into {tracking.QualifiedName} (hash, created_at, name) values ($1, $2, $3)", step.Recorded[Hash], Time(step),
                name)]
            : [TrackingQueries.Command($"insert into {tracking.QualifiedName} (hash, created_at) values ($1, $2)", step.Recorded[Hash], Time(step))];

    public NpgsqlBatchCommand Forget(TrackingTable tracking, Step step) =>
        TrackingQueries.Command($"delete from {tracking.QualifiedName} where created_at = $1 and (hash = $2 or not exists (select from {tracking.QualifiedName} where created_at = $1 and hash = $2))", Time(step), step.Recorded[Hash]);

    /// <summary>drizzle-orm has no place for it.</summary>
    public Task RecordFailureAsync(NpgsqlConnection connection, TrackingTable tracking, Step step, string executedBy, string error, CancellationToken cancellationToken) => Task.CompletedTask;

    private static long Time(Step step) => long.Parse(step.Recorded[When], CultureInfo.InvariantCulture);

    /// <summary>By its name or its time; a row that somebody wrote by hand may have the hash alone.</summary>
    private static TrackedMigration Applied(string hash, string when, string? name, IReadOnlyList<MigrationFile> files)
    {
        var ofThatTime = files.Where(file => file.Recorded[When] == when).ToArray();
        var file = (name is null ? null : files.FirstOrDefault(file => file.Recorded.GetValueOrDefault(NameKey) == name))
            ?? ofThatTime.FirstOrDefault(file => file.IsRecordedAs(hash))
            ?? ofThatTime.FirstOrDefault()
            ?? files.FirstOrDefault(file => file.IsRecordedAs(hash));
        var at = long.TryParse(when, NumberStyles.Integer, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null;
        return new TrackedMigration(file?.Version ?? name ?? when, file?.Name ?? "", hash, at, null, Success: true, null);
    }

    private MigrationFile ReadFile(DrizzleFiles.Entry entry, string version, string baseFolder)
    {
        var shown = MigrationPaths.Relative(baseFolder, entry.Path);
        var content = MigrationText.Read(entry.Path, shown, baseFolder, this);
        var recorded = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Hash] = content.Raw,
            [When] = entry.When.ToString(CultureInfo.InvariantCulture),
        };
        if (entry.Name is not null)
            recorded[NameKey] = entry.Name;
        var number = Number(entry.Tag);
        return new MigrationFile(version, number.Length < entry.Tag.Length ? entry.Tag[(number.Length + 1)..] : "", entry.Path, shown, content.Parts.Up,
            content.Checksum, SqlFolder.DownBeside(entry.Path))
        {
            FileName = entry.Name ?? Path.GetFileName(entry.Path),
            RecordedChecksum = content.Raw,
            AnyLineEnds = true,
            Recorded = recorded,
        };
    }

    /// <summary>What stands before the first underscore.</summary>
    private static string Number(string tag) => tag.IndexOf('_', StringComparison.Ordinal) is > 0 and var underscore ? tag[..underscore] : tag;
}
