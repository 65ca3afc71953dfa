using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>A folder of this machine or a mounted one. Folders are 0700, files 0600.</summary>
internal sealed class FolderDestination(string folder) : IBackupDestination
{
    public string Name => folder;

    public string Device => FolderPlace.DeviceOf(folder) ?? folder;

    public string PathOf(string backupId) => Path.Combine(folder, backupId);

    public async Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken)
    {
        try
        {
            var target = Path.Combine(PathOf(backupId), fileName);
            // A folder for backups alone is kept out of version control as a whole; in one that holds other things, too, each backup is.
            if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
                Unversioned.CreateFolder(folder);
            if (Unversioned.Is(folder))
                OwnerOnly.CreateFolder(PathOf(backupId));
            else
                Unversioned.CreateFolder(PathOf(backupId));
            OwnerOnly.CreateFolder(Path.GetDirectoryName(target)!);
            var partial = target + ".partial";
            File.Delete(partial);
            await using (var source = File.OpenRead(localFile))
            await using (var copy = new FileStream(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File }))
            {
                await source.CopyToAsync(copy, 1 << 20, cancellationToken);
                copy.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    public async Task ReadAsync(string backupId, string fileName, Stream into, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(Path.Combine(PathOf(backupId), fileName));
            await file.CopyToAsync(into, 1 << 20, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = [];
        try
        {
            if (Directory.Exists(folder))
                ids = [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be read is told when a copy in it is read back.
        }

        return Task.FromResult(ids);
    }

    private static BackupFailedException Failed(Exception error) => new(Text.Same(error.Message), error);
}
