using System.Text.Json;
using System.Text.Json.Serialization;
using Eclusier.Catalog;
using Eclusier.Files;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>A database's catalog and what its tracking table says, as it can be kept in a file.</summary>
/// <param name="Source">Host, port and database without secrets, or the folder that was replayed.</param>
/// <param name="Applied">Null where there is no tracking table to compare (a replayed folder).</param>
public sealed record DatabaseSnapshot(string Source, string ServerVersion, DateTimeOffset TakenAt, IReadOnlyList<CatalogObject> Objects, IReadOnlyList<TrackedMigration>? Applied)
{
    /// <summary>See <see cref="CatalogSnapshot.Fingerprint"/>.</summary>
    public string Fingerprint => Catalog.Fingerprint;

    /// <summary>Of a replayed folder: what is not in <see cref="Objects"/> for want of an extension; null when nothing is.</summary>
    [JsonIgnore]
    public UnprovenReplay? Unproven { get; init; }

    [JsonIgnore]
    public CatalogSnapshot Catalog { get; } = new(Objects);

    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Save(string file)
    {
        try
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OperatingSystem.IsWindows() ? null : OwnerOnly.File });
            JsonSerializer.Serialize(stream, this, EclusierJson.Compact.DatabaseSnapshot);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                new Text($"The snapshot cannot be written: {error.Message}", $"L'instantané ne peut pas être écrit : {error.Message}"), file, new Text("Choose another place.", "Choisissez un autre emplacement."), error);
        }
    }

    /// <summary>Nothing is missing that every snapshot has. A file may come from anybody.</summary>
    private static bool IsWhole(DatabaseSnapshot snapshot) =>
        snapshot is { Source: not null, ServerVersion: not null, Objects: not null }
        && snapshot.Objects.All(found => found is { Kind: not null, Name: not null, Definition: not null, Local: not null, Id: not null, Removal: not null })
        && (snapshot.Applied ?? []).All(applied => applied is { Version: not null, Name: not null });

    /// <exception cref="InvalidInputException">It is no snapshot, or cannot be read.</exception>
    public static DatabaseSnapshot Load(string file)
    {
        try
        {
            var snapshot = JsonSerializer.Deserialize(File.ReadAllBytes(file), EclusierJson.Compact.DatabaseSnapshot);
            return snapshot is not null && IsWhole(snapshot) ? snapshot : throw new JsonException("It does not say what a snapshot says.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            throw new InvalidInputException(
                new Text("The file is no snapshot of a database.", "Le fichier n'est pas l'instantané d'une base."), file, new Text("Make one with `eclusier inspect --snapshot FILE`.", "Faites-en un avec `eclusier inspect --snapshot FICHIER`."), error);
        }
    }
}
