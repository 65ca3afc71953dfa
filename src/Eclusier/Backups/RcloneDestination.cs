namespace Eclusier.Backups;

/// <summary>Whatever rclone can reach (<c>rclone:remote:path</c>), by the user's own rclone configuration.</summary>
internal sealed class RcloneDestination(string name, string remote) : IBackupDestination
{
    public string Name => name;

    public string PathOf(string backupId) => remote.EndsWith(':') ? remote + backupId : $"{remote}/{backupId}";

    public async Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken) =>
        await RunAsync(["copyto", localFile, $"{PathOf(backupId)}/{fileName}"], cancellationToken);

    public async Task ReadAsync(string backupId, string fileName, Stream into, CancellationToken cancellationToken) =>
        await GuardedAsync(() => ChildProcess.StreamAsync("rclone", ["cat", $"{PathOf(backupId)}/{fileName}"], into, cancellationToken));

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listing = await RunAsync(["lsf", "--dirs-only", remote], cancellationToken);
            return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('/'))];
        }
        catch (BackupFailedException)
        {
            return []; // A folder that is not there yet holds no backup; a remote that fails is told when it is written to.
        }
    }

    private static Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        GuardedAsync(() => ChildProcess.RunAsync("rclone", arguments, null, cancellationToken));

    private static async Task<string> GuardedAsync(Func<Task<ChildResult>> run)
    {
        try
        {
            var result = await run();
            return result.Succeeded ? result.Output : throw new BackupFailedException(Text.Same($"rclone: {result.LastLines(1)}"));
        }
        catch (EclusierException missing)
        {
            throw new BackupFailedException(
                new Text("rclone is not installed (apt-get install rclone)", "rclone n'est pas installé (apt-get install rclone)"), missing);
        }
    }
}
