namespace Eclusier.Backups;

/// <summary>A folder of this machine or a mounted one. Folders are 0700, files 0600.</summary>
internal sealed class FolderDestination(string folder) : IBackupDestination
{
    public string Name => folder;

    public string PathOf(string backupId) => Path.Combine(folder, backupId);

    public async Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder, OwnerOnly.Folder);
            var target = Path.Combine(PathOf(backupId), fileName);
            Directory.CreateDirectory(PathOf(backupId), OwnerOnly.Folder);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, OwnerOnly.Folder);
            var partial = target + ".partial";
            await using (var source = File.OpenRead(localFile))
            await using (var copy = new FileStream(partial, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly.File }))
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
