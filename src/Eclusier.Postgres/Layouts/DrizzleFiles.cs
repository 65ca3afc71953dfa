using System.Globalization;
using System.Text.Json;

namespace Eclusier.Postgres.Layouts;

/// <summary>
/// Drizzle's files: those that <c>meta/_journal.json</c> names, in its order; from 1.0 on a folder for each migration with
/// <c>migration.sql</c> in it, and no journal (<c>readMigrationFiles</c> of drizzle-orm).
/// </summary>
internal static class DrizzleFiles
{
    /// <summary>How many digits of a folder's name are its time.</summary>
    private const int TimeLength = 14;

    private static readonly Text Example = new(
        "\"migrations.path\" must be the folder that holds meta/_journal.json, or from Drizzle 1.0 on folders like 20240131120000_create_users with migration.sql in them.",
        "« migrations.path » doit être le dossier qui contient meta/_journal.json ou, à partir de Drizzle 1.0, des dossiers comme 20240131120000_create_users contenant migration.sql.");

    /// <param name="When">Milliseconds since 1970: what the tracking table calls <c>created_at</c>.</param>
    /// <param name="Name">From 1.0 on, the folder's name; null before.</param>
    public sealed record Entry(string Tag, string Path, long When, string? Name);

    /// <exception cref="InvalidInputException">There is neither, or the journal cannot be read.</exception>
    public static IReadOnlyList<Entry> List(IMigrationLayout layout, string folder, string baseFolder)
    {
        var folders = SqlFolder.Folders(layout, folder);
        var journal = Path.Combine(folder, "meta", "_journal.json");
        if (File.Exists(journal))
            return Journal(journal, folder, MigrationPaths.Relative(baseFolder, journal));
        var entries = folders.Select(path => (Path: Path.Combine(path, "migration.sql"), Tag: Path.GetFileName(path))).Where(entry => File.Exists(entry.Path))
            .OrderBy(entry => entry.Tag, StringComparer.Ordinal)
            .Select(entry => new Entry(entry.Tag, entry.Path, When(layout, entry.Tag, MigrationPaths.Relative(baseFolder, entry.Path)), entry.Tag)).ToArray();
        return entries.Length > 0 ? entries : throw new InvalidInputException(
            new Text("Neither Drizzle's journal nor folders of Drizzle 1.x are there.",
                "Ni le journal de Drizzle ni des dossiers de Drizzle 1.x ne sont là."), folder, Example);
    }

    private static long When(IMigrationLayout layout, string tag, string shown) =>
        tag.Length >= TimeLength
            && DateTime.TryParseExact(tag[..TimeLength], "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? new DateTimeOffset(at).ToUnixTimeMilliseconds()
            : throw SqlFolder.DoesNotFit(layout, tag, shown, Example);

    private static List<Entry> Journal(string journal, string folder, string shown)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(journal));
            return [.. json.RootElement.GetProperty("entries").EnumerateArray()
                .Select(entry => Of(entry.GetProperty("tag").GetString()!, entry.GetProperty("when").GetInt64()))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidInputException(
                error is IOException or UnauthorizedAccessException
                    ? new Text("Drizzle's journal cannot be read.", "Le journal de Drizzle ne peut pas être lu.")
                    : new Text("Drizzle's journal cannot be read: it has no entries with \"tag\" and \"when\".",
                        "Le journal de Drizzle ne peut pas être lu : il n'a pas d'entrées avec « tag » et « when »."),
                shown,
                Example,
                error);
        }

        Entry Of(string tag, long when) => new(tag, Path.Combine(folder, $"{tag}.sql"), when, Name: null);
    }
}
