using System.Text.Json;
using System.Text.Json.Serialization;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Ranges;
using Eclusier.Mongo.Steps;

namespace Eclusier.Mongo.Backups;

/// <summary>A dump as the core's backups know it: files in a folder, with a record beside them of what they hold.</summary>
internal static class DumpFolder
{
    /// <summary>What was dumped, with a hash of each file and of each collection's content.</summary>
    private const string RecordName = "dump.json";

    /// <exception cref="RefusedException">The disk does not take it.</exception>
    public static async Task<Dump> WriteAsync(MongoClient client, MongoDatabase database, string folder, CopyOptions options, CancellationToken cancellationToken)
    {
        var fingerprint = (await MongoCatalog.SnapshotAsync(database, cancellationToken)).Fingerprint;
        var dump = await MongoDump.WriteAsync(client, database.Name, folder, options, cancellationToken);
        await using (var file = new FileStream(Path.Combine(folder, RecordName), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File }))
            await JsonSerializer.SerializeAsync(file, new DumpRecord(dump, await UuidsAsync(database, options, cancellationToken)), DumpJson.Default.DumpRecord, cancellationToken);
        var counts = dump.Collections.Where(collection => collection is { Type: not "view", Name: not OwnCollections.State }).ToDictionary(collection => collection.Name, collection => collection.Content.Count, StringComparer.Ordinal);
        return new Dump(RecordName, "mongodump --gzip (eclusier)", counts, [], fingerprint)
        {
            Files = [RecordName, .. dump.Collections.SelectMany(collection => new[] { collection.Metadata, collection.Documents }).OfType<DumpedFile>().Select(file => file.Path)],
            Skipped = dump.Skipped,
        };
    }

    /// <summary>Restores, and reads all of it again: counts, contents and indexes.</summary>
    /// <exception cref="RefusedException">The dump cannot be restored, or what was restored is not what was dumped.</exception>
    public static async Task<MongoRestore> RestoreAsync(MongoClient client, string database, string folder, CopyOptions options, CancellationToken cancellationToken)
    {
        var record = await ReadAsync(Path.Combine(folder, RecordName), cancellationToken);
        var restored = await MongoRestore.RestoreAsync(client, database, folder, record.Dump, options, cancellationToken);
        await RenumberAsync(client.Database(database), record.Uuids, options, cancellationToken);
        if (restored.IsVerified)
            return restored;
        var differences = Text.JoinFirst(restored.Differences);
        throw new RefusedException(
            new Text($"What was restored is not what was dumped: {differences.En}", $"Ce qui a été restauré n'est pas ce qui a été sauvegardé : {differences.Fr}"),
            Path.Combine(folder, RecordName),
            new Text("Make a new backup.", "Refaites une sauvegarde."));
    }

    /// <exception cref="EclusierException">It is no record of a dump.</exception>
    private static async Task<DumpRecord> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            if (await JsonSerializer.DeserializeAsync(file, DumpJson.Default.DumpRecord, cancellationToken) is { IsWhole: true } record)
                return record;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw NoRecord(path, error);
        }

        throw NoRecord(path, cause: null);
    }

    private static EclusierException NoRecord(string path, Exception? cause) => new RefusedException(
        new Text("The backup does not say what is in it: its record is damaged.", "La sauvegarde ne dit pas ce qu'elle contient : son relevé est endommagé."), path,
        new Text("Use another copy of the backup.", "Utilisez une autre copie de la sauvegarde."), cause);

    private static async Task<IReadOnlyDictionary<string, string>> UuidsAsync(MongoDatabase database, CopyOptions options, CancellationToken cancellationToken) =>
        (await CollectionLayout.AllAsync(database, options, cancellationToken))
            .Where(layout => !OwnCollections.IsSystem(layout.Name))
            .OrderBy(layout => layout.Name, StringComparer.Ordinal)
            .ToDictionary(layout => layout.Name, layout => layout.Uuid, StringComparer.Ordinal);

    /// <summary>Restored collections have other numbers; what runs wrote down of them must lead to them, so that a way back can be tried on the copy.</summary>
    private static async Task RenumberAsync(MongoDatabase database, IReadOnlyDictionary<string, string> former, CopyOptions options, CancellationToken cancellationToken)
    {
        var numbers = new List<(string Former, string Now)>();
        foreach (var (name, now) in await UuidsAsync(database, options, cancellationToken))
        {
            if (former.TryGetValue(name, out var was))
                numbers.Add((was, now));
        }

        await new StepRecords(database).RenumberAsync(numbers, cancellationToken);
    }
}

/// <param name="Uuids">The number of each collection on the server that it was dumped from, by name.</param>
internal sealed record DumpRecord(MongoDump Dump, IReadOnlyDictionary<string, string> Uuids)
{
    /// <summary>Nothing is missing that every record has, and its files are the dump's.</summary>
    [JsonIgnore]
    public bool IsWhole =>
        Uuids is not null && Dump is { Database: not null, Collections: not null, Skipped: not null }
        && Dump.Collections.All(one => one is { Name: not null, Type: not null, Metadata: not null } && new[] { one.Metadata, one.Documents }.OfType<DumpedFile>().All(IsInside));

    private static bool IsInside(DumpedFile file) => file is { Path: not null, Sha256: not null } && RelativePath.StaysInside(file.Path);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DumpRecord))]
internal sealed partial class DumpJson : JsonSerializerContext;
