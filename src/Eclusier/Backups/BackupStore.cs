using System.Diagnostics;
using System.Text.Json;
using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>Makes backups, finds recent ones, and proves both.</summary>
internal static class BackupStore
{
    /// <summary>Dumps into <paramref name="staging"/>, copies to every destination, and reads every copy back.</summary>
    public static async Task<Backup> TakeAsync(
        Database database, BackupSettings settings, TargetEnvironment environment, string staging, TimeProvider time, Action<Text>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var takenAt = time.GetUtcNow();
        OwnerOnly.CreateFolder(staging);
        progress?.Invoke(new Text("dumping", "extraction"));
        var dump = await database.DumpAsync(staging, cancellationToken);
        var files = await FilesAsync(staging, dump, cancellationToken);
        IBackupDestination[] destinations = [.. settings.To.Select(BackupDestinations.Parse)];
        var manifest = new BackupManifest
        {
            Id = await NewIdAsync(destinations, takenAt, environment.Name, cancellationToken),
            TakenAt = takenAt,
            Environment = environment.Name,
            Target = database.Description,
            Identity = await database.IdentifyAsync(cancellationToken),
            ServerVersion = database.ServerVersion,
            Dump = dump,
            SizeBytes = files.Sum(file => file.SizeBytes),
            Sha256 = dump.Files.Count == 0 ? files[0].Sha256 : BackupManifest.HashOf(files),
            Files = dump.Files.Count == 0 ? [] : files,
            CreatedBy = $"{Environment.UserName}@{Environment.MachineName}",
        };
        var copies = new List<BackupCopy>();
        foreach (var (index, destination) in destinations.Index())
        {
            progress?.Invoke(new Text($"copying to {destination.Name}, and reading it back", $"copie vers {destination.Name}, puis relecture"));
            copies.Add(await CopyAsync(destination, manifest with { Copy = index + 1 }, copies, staging, cancellationToken));
        }

        return new Backup { Manifest = manifest, Copies = copies, DurationMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
    }

    private static async Task<IReadOnlyList<BackupFile>> FilesAsync(string staging, Dump dump, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        foreach (var path in dump.Files.Count == 0 ? [dump.File] : dump.Files)
        {
            var file = Path.Combine(staging, path);
            files.Add(new BackupFile(path, new FileInfo(file).Length, await BackupProof.Sha256Async(file, cancellationToken)));
        }

        return files;
    }

    /// <summary>A backup never takes the place of one of the same second: that may be the only way back.</summary>
    private static async Task<string> NewIdAsync(IReadOnlyList<IBackupDestination> destinations, DateTimeOffset takenAt, string environment, CancellationToken cancellationToken)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var destination in destinations)
            taken.UnionWith(await destination.ListAsync(cancellationToken));
        var time = $"{takenAt.UtcDateTime:yyyyMMdd-HHmmss}";
        var id = $"{time}-{environment}";
        for (var number = 2; taken.Contains(id); number++)
            id = $"{time}.{number}-{environment}";
        return id;
    }

    /// <summary>A backup as it lies in its destinations now, every copy read back.</summary>
    public static async Task<Backup> VerifyAsync(BackupSettings settings, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var copies = new List<BackupCopy>();
        var numbers = new Dictionary<int, string>();
        foreach (var destination in settings.To.Select(BackupDestinations.Parse))
        {
            var (copy, number) = await BackupProof.VerifyAsync(destination, manifest, cancellationToken);
            if (copy.Verified && number > 0 && !numbers.TryAdd(number, destination.Name))
                copy = copy with { Verified = false, Problem = SamePlace(numbers[number]) };
            copies.Add(copy);
        }

        return new Backup { Manifest = manifest, Copies = copies, Reused = true };
    }

    /// <summary>Restores a verified copy, fetched back from its destination, and counts its rows.</summary>
    /// <param name="surroundings">What the source has and the dump does not bring along.</param>
    /// <returns>The verdict, and the restored database for a rehearsal; null when there is none.</returns>
    public static async Task<(RestoreCheck Check, Database? Restored)> RestoreAsync(
        Backup backup, BackupSettings settings, Sandbox sandbox, Surroundings surroundings, string workFolder, CancellationToken cancellationToken)
    {
        if (!backup.Copies.Any(copy => copy.Verified))
            return (new RestoreCheck(false, 0, 0, [], 0, new Text("no verified copy to restore", "aucune copie vérifiée à restaurer")), null);
        var database = await sandbox.CreateLikeAsync(surroundings, cancellationToken);
        var check = await RestoreIntoAsync(backup, settings, database, workFolder, sameServer: false, cancellationToken);
        return (check with { On = sandbox.Description }, database);
    }

    /// <summary>Restores the verified copy that is farthest away into an empty database, and counts its rows.</summary>
    /// <param name="sameServer">On the server that the dump came from.</param>
    public static async Task<RestoreCheck> RestoreIntoAsync(
        Backup backup, BackupSettings settings, Database database, string workFolder, bool sameServer, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await FetchAsync(backup, settings, workFolder, cancellationToken);
            await database.RestoreAsync(backup.Manifest.Dump, workFolder, sameServer, cancellationToken);
            var missing = database.MissingExtensions;
            var counts = Proven(await database.CountRowsAsync(cancellationToken), missing);
            var differences = Differences(Proven(backup.Manifest.Dump.RowCounts, missing), counts);
            return new RestoreCheck(differences.Count == 0, counts.Count, counts.Values.Sum(), differences, Stopwatch.GetElapsedTime(started).TotalMilliseconds) { MissingExtensions = missing };
        }
        catch (BackupFailedException failure)
        {
            return new RestoreCheck(false, 0, 0, [], Stopwatch.GetElapsedTime(started).TotalMilliseconds, failure.Problem);
        }
        catch (RefusedException failure)
        {
            return new RestoreCheck(false, 0, 0, [], Stopwatch.GetElapsedTime(started).TotalMilliseconds, failure.Problem);
        }
    }

    /// <summary>Free space at each local destination and in the work folder, once per disk path.</summary>
    public static IReadOnlyList<DiskSpace> FreeSpace(BackupSettings settings, string workFolder, long neededBytes) =>
        settings.To.Where(BackupPlace.IsFolder)
            .Append(workFolder)
            .Select(ExistingParent)
            .Distinct(StringComparer.Ordinal)
            .Select(path => new DiskSpace(path, new DriveInfo(path).AvailableFreeSpace, neededBytes))
            .ToList();

    /// <param name="others">Those made before. The id is new everywhere: a place that has it already is one of theirs, by whatever way (a mount, a remote that ends in the same folder).</param>
    private static async Task<BackupCopy> CopyAsync(IBackupDestination destination, BackupManifest manifest, IReadOnlyList<BackupCopy> others, string staging, CancellationToken cancellationToken)
    {
        var copy = new BackupCopy(destination.Name, destination.PathOf(manifest.Id), Verified: false) { Device = destination.Device };
        try
        {
            if (others.Count > 0 && (await destination.ListAsync(cancellationToken)).Contains(manifest.Id, StringComparer.Ordinal))
                return copy with { Problem = SamePlace(string.Join(", ", others.Select(other => other.Destination))) };
            var manifestFile = Path.Combine(staging, BackupProof.ManifestName);
            OwnerOnly.Write(manifestFile, JsonSerializer.SerializeToUtf8Bytes(manifest, EclusierJson.Compact.BackupManifest));
            foreach (var file in manifest.AllFiles)
                await destination.WriteAsync(Path.Combine(staging, file.Path), manifest.Id, file.Path, cancellationToken);
            await destination.WriteAsync(manifestFile, manifest.Id, BackupProof.ManifestName, cancellationToken);
        }
        catch (BackupFailedException failure)
        {
            return copy with { Problem = failure.Problem };
        }

        return (await BackupProof.VerifyAsync(destination, manifest, cancellationToken)).Copy;
    }

    private static Text SamePlace(string other) => new($"it is the same place as {other}, and one copy", $"c'est le même lieu que {other}, donc une seule copie");

    /// <summary>Fetches the dump of a backup with a verified copy into a folder.</summary>
    public static async Task FetchAsync(Backup backup, BackupSettings settings, string workFolder, CancellationToken cancellationToken)
    {
        var verified = backup.Copies.Where(copy => copy.Verified).Select(copy => copy.Destination).ToHashSet(StringComparer.Ordinal);
        // The last destination is the one farthest away, as people list them: prove that one. (What was read from a journal has no secrets in it.)
        var destination = settings.To.Select(BackupDestinations.Parse).Last(place => verified.Contains(place.Name) || verified.Contains(Secrets.Redact(place.Name)));
        var manifest = backup.Manifest;
        if (ManifestCheck.Problem(manifest, manifest.Id) is { } problem)
            throw new BackupFailedException(problem);
        OwnerOnly.CreateFolder(workFolder);
        foreach (var wanted in manifest.AllFiles)
        {
            var path = Path.Combine(workFolder, wanted.Path);
            OwnerOnly.CreateFolder(Path.GetDirectoryName(path)!);
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File });
            await destination.ReadAsync(manifest.Id, wanted.Path, file, cancellationToken);
        }
    }

    private static IReadOnlyDictionary<string, long> Proven(IReadOnlyDictionary<string, long> counts, IReadOnlyList<MissingExtension> missing)
    {
        var unproven = missing.SelectMany(extension => extension.Unproven).Where(found => found.Kind == "table").Select(found => UnprovenObject.Plain(found.Name)).ToHashSet(StringComparer.Ordinal);
        return unproven.Count == 0 ? counts : counts.Where(table => !unproven.Contains(UnprovenObject.Plain(table.Key))).ToDictionary(StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, long> expected, IReadOnlyDictionary<string, long> found) =>
        expected.Keys.Union(found.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Where(table => expected.GetValueOrDefault(table, -1) != found.GetValueOrDefault(table, -1))
            .Select(table => $"{table}: {Count(expected, table)} -> {Count(found, table)}")
            .ToList();

    private static string Count(IReadOnlyDictionary<string, long> counts, string table) => counts.TryGetValue(table, out var rows) ? rows.ToString() : "-";

    private static string ExistingParent(string path)
    {
        var folder = new DirectoryInfo(path);
        while (!folder.Exists && folder.Parent is { } parent)
            folder = parent;
        return folder.FullName;
    }
}
