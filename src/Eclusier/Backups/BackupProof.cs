using System.Security.Cryptography;
using System.Text.Json;
using Eclusier.Evidence;

namespace Eclusier.Backups;

/// <summary>Reads copies back and compares them with the manifest.</summary>
internal static class BackupProof
{
    public const string ManifestName = "manifest.json";

    /// <summary>The copy as it lies there now; altered, truncated or missing ones come back unverified, with the reason.</summary>
    /// <returns>The copy, and which one its own manifest says it is.</returns>
    public static async Task<(BackupCopy Copy, int Number)> VerifyAsync(IBackupDestination destination, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var copy = new BackupCopy(destination.Name, destination.PathOf(manifest.Id), Verified: false) { Device = destination.Device };
        try
        {
            var (there, _) = await ReadManifestAsync(destination, manifest.Id, cancellationToken);
            if (there is null || there.Sha256 != manifest.Sha256)
                return (copy with { Problem = new Text("its manifest was altered", "son manifeste a été modifié") }, 0);

            foreach (var file in manifest.AllFiles)
            {
                if (await VerifyAsync(destination, manifest.Id, file, cancellationToken) is { } problem)
                    return (copy with { Problem = manifest.Files.Count == 0 ? problem : new Text($"{file.Path}: {problem.En}", $"{file.Path} : {problem.Fr}") }, there.Copy);
            }

            return (copy with { Verified = true }, there.Copy);
        }
        catch (BackupFailedException failure)
        {
            return (copy with { Problem = failure.Problem }, 0);
        }
    }

    private static async Task<Text?> VerifyAsync(IBackupDestination destination, string backupId, BackupFile file, CancellationToken cancellationToken)
    {
        using var hash = new HashingStream();
        await destination.ReadAsync(backupId, file.Path, hash, cancellationToken);
        if (hash.Written != file.SizeBytes)
            return new Text($"it has {hash.Written} bytes instead of {file.SizeBytes}", $"elle fait {hash.Written} octets au lieu de {file.SizeBytes}");
        return hash.Sha256() == file.Sha256 ? null : new Text("its SHA-256 is not the manifest's", "son SHA-256 n'est pas celui du manifeste");
    }

    /// <returns>The manifest of that backup; or what is wrong with what lies there instead.</returns>
    /// <exception cref="BackupFailedException">There is none, or it cannot be read.</exception>
    public static async Task<(BackupManifest? Manifest, Text? Problem)> ReadManifestAsync(IBackupDestination destination, string backupId, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await destination.ReadAsync(backupId, ManifestName, memory, cancellationToken);
        try
        {
            var manifest = JsonSerializer.Deserialize(memory.ToArray(), EclusierJson.Compact.BackupManifest);
            return ManifestCheck.Problem(manifest, backupId) is { } problem ? (null, problem) : (manifest, null);
        }
        catch (JsonException)
        {
            return (null, new Text("its manifest is damaged", "son manifeste est endommagé"));
        }
    }

    public static async Task<string> Sha256Async(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
