using Eclusier.Evidence;

namespace Eclusier.Backups;

/// <summary>
/// Whether a manifest is one of ours. It comes from a place that others may write to, and everything that it says is used: names of files to
/// fetch, roles to make, tables to count.
/// </summary>
internal static class ManifestCheck
{
    private const int HexDigits = 64;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static Text? Problem(BackupManifest? manifest, string id)
    {
        if (manifest is null || Strings(manifest).Any(text => text is null) || !IsWhole(manifest.Dump))
            return new Text("its manifest says nothing of a dump", "son manifeste ne dit rien d'une sauvegarde");
        if (manifest.Id != id)
            return new Text($"its manifest is that of {manifest.Id}", $"son manifeste est celui de {manifest.Id}");
        if (manifest.Files.Any(file => file?.Path is null || !IsHash(file.Sha256) || file.SizeBytes < 0) || !IsHash(manifest.Sha256) || manifest.SizeBytes < 0)
            return new Text("its manifest has no hashes of its files", "son manifeste ne donne pas les empreintes de ses fichiers");
        var paths = manifest.AllFiles.Select(file => file.Path).Concat(manifest.Dump.Files).Append(manifest.Dump.File);
        if (paths.FirstOrDefault(path => !RelativePath.StaysInside(path)) is { } outside)
            return new Text($"its manifest names a file outside its folder: {outside}", $"son manifeste nomme un fichier hors de son dossier : {outside}");
        var files = manifest.AllFiles.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (files.Count != manifest.AllFiles.Count || !files.IsSupersetOf(manifest.Dump.Files) || !files.Contains(manifest.Dump.File)
            || (manifest.Files.Count > 0 && manifest.Sha256 != BackupManifest.HashOf(manifest.Files)))
        {
            return new Text("its manifest does not agree with itself about its files", "son manifeste se contredit sur ses fichiers");
        }

        return null;
    }

    private static IEnumerable<string?> Strings(BackupManifest manifest) => [manifest.Id, manifest.Environment, manifest.Target, manifest.ServerVersion, manifest.CreatedBy];

    private static bool IsWhole(Dump? dump) =>
        dump is { File: not null, Tool: not null, RowCounts: not null, Roles: not null, SchemaFingerprint: not null }
        && dump.RowCounts.Values.All(rows => rows >= 0)
        && !dump.Roles.Concat(dump.Files).Concat(dump.Skipped).Contains(null!)
        && (dump.Extensions ?? []).All(extension => extension is { Name: not null, Schema: not null, Members: not null } && extension.Members.Values.All(names => names is not null && !names.Contains(null!)));

    private static bool IsHash(string? text) => text is { Length: HexDigits } && text.All(char.IsAsciiHexDigitLower);
}
