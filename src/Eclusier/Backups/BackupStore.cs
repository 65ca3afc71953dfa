using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eclusier.Catalog;
using Eclusier.Inspections;
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
        Directory.CreateDirectory(staging, OwnerOnly.Folder);
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
            ServerVersion = database.ServerVersion,
            Dump = dump,
            SizeBytes = files.Sum(file => file.SizeBytes),
            Sha256 = dump.Files.Count == 0 ? files[0].Sha256 : ListHash(files),
            Files = dump.Files.Count == 0 ? [] : files,
            CreatedBy = $"{Environment.UserName}@{Environment.MachineName}",
        };
        var manifestFile = Path.Combine(staging, BackupProof.ManifestName);
        await File.WriteAllBytesAsync(manifestFile, JsonSerializer.SerializeToUtf8Bytes(manifest, EclusierJson.Compact.BackupManifest), cancellationToken);

        var copies = new List<BackupCopy>();
        foreach (var destination in destinations)
        {
            progress?.Invoke(new Text($"copying to {destination.Name}, and reading it back", $"copie vers {destination.Name}, puis relecture"));
            copies.Add(await CopyAsync(destination, manifest, staging, manifestFile, cancellationToken));
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

    private static string ListHash(IEnumerable<BackupFile> files) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{file.Sha256}  {file.Path}\n")))));

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

    /// <summary>The newest backup of this database in this very state, younger than <c>max_age</c>, with every copy proved again.</summary>
    public static async Task<Backup?> FindRecentAsync(
        BackupSettings settings, TargetEnvironment environment, string target, string schemaFingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var newest = (await ManifestsAsync(settings, environment.Name, cancellationToken))
            .Where(manifest => manifest.Target == target && manifest.Dump.SchemaFingerprint == schemaFingerprint && now - manifest.TakenAt < settings.MaxAge)
            .MaxBy(manifest => manifest.TakenAt);
        if (newest is null)
            return null;

        return await VerifyAsync(settings, newest, cancellationToken) with { DurationMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
    }

    /// <summary>Every backup of an environment that some destination knows.</summary>
    public static async Task<IReadOnlyList<BackupManifest>> ManifestsAsync(BackupSettings settings, string environment, CancellationToken cancellationToken)
    {
        var manifests = new List<BackupManifest>();
        foreach (var destination in settings.To.Select(BackupDestinations.Parse))
            manifests.AddRange(await ManifestsAsync(destination, environment, cancellationToken));
        return manifests;
    }

    /// <summary>A backup as it lies in its destinations now, every copy read back.</summary>
    public static async Task<Backup> VerifyAsync(BackupSettings settings, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var copies = new List<BackupCopy>();
        foreach (var destination in settings.To.Select(BackupDestinations.Parse))
            copies.Add(await BackupProof.VerifyAsync(destination, manifest, cancellationToken));
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
        catch (EclusierException failure) when (failure.ExitCode == ExitCode.NoGo)
        {
            return new RestoreCheck(false, 0, 0, [], Stopwatch.GetElapsedTime(started).TotalMilliseconds, failure.Problem);
        }
    }

    /// <summary>Free space at each local destination and in the work folder, once per disk path.</summary>
    public static IReadOnlyList<DiskSpace> FreeSpace(BackupSettings settings, string workFolder, long neededBytes) =>
        settings.To.Where(destination => !destination.StartsWith("rclone:", StringComparison.Ordinal))
            .Append(workFolder)
            .Select(ExistingParent)
            .Distinct(StringComparer.Ordinal)
            .Select(path => new DiskSpace(path, new DriveInfo(path).AvailableFreeSpace, neededBytes))
            .ToList();

    private static async Task<BackupCopy> CopyAsync(IBackupDestination destination, BackupManifest manifest, string staging, string manifestFile, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in manifest.AllFiles)
                await destination.WriteAsync(Path.Combine(staging, file.Path), manifest.Id, file.Path, cancellationToken);
            await destination.WriteAsync(manifestFile, manifest.Id, BackupProof.ManifestName, cancellationToken);
        }
        catch (BackupFailedException failure)
        {
            return new BackupCopy(destination.Name, destination.PathOf(manifest.Id), Verified: false, failure.Problem);
        }

        return await BackupProof.VerifyAsync(destination, manifest, cancellationToken);
    }

    private static async Task<IReadOnlyList<BackupManifest>> ManifestsAsync(IBackupDestination destination, string environment, CancellationToken cancellationToken)
    {
        var manifests = new List<BackupManifest>();
        foreach (var id in (await destination.ListAsync(cancellationToken)).Where(id => id.EndsWith($"-{environment}", StringComparison.Ordinal)))
        {
            try
            {
                if (await BackupProof.ReadManifestAsync(destination, id, cancellationToken) is { } manifest && manifest.Id == id)
                    manifests.Add(manifest);
            }
            catch (BackupFailedException)
            {
                // No manifest: not one of ours, or not finished. The other destinations' manifests name this copy all the same.
            }
        }

        return manifests;
    }

    /// <summary>Fetches the dump of a backup with a verified copy into a folder.</summary>
    public static async Task FetchAsync(Backup backup, BackupSettings settings, string workFolder, CancellationToken cancellationToken)
    {
        var verified = backup.Copies.Where(copy => copy.Verified).Select(copy => copy.Destination).ToHashSet(StringComparer.Ordinal);
        // The last destination is the one farthest away, as people list them: prove that one.
        var destination = settings.To.Where(verified.Contains).Select(BackupDestinations.Parse).Last();
        var manifest = backup.Manifest;
        Directory.CreateDirectory(workFolder, OwnerOnly.Folder);
        foreach (var wanted in manifest.AllFiles)
        {
            var path = Path.Combine(workFolder, wanted.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly.Folder);
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
