namespace Eclusier.Backups;

/// <summary>Whatever rclone can reach (<c>rclone:remote:path</c>), by the user's own rclone configuration.</summary>
internal sealed class RcloneDestination(string name, string remote) : IBackupDestination
{
    public string Name => name;

    public string PathOf(string backupId) => remote.EndsWith(':') ? remote + backupId : $"{remote}/{backupId}";

    public async Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken) =>
        await RunAsync(["copyto", localFile, $"{PathOf(backupId)}/{fileName}"], cancellationToken);

    public async Task ReadAsync(string backupId, string fileName, Stream into, CancellationToken cancellationToken)
    {
        using var process = Start(["cat", $"{PathOf(backupId)}/{fileName}"]);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.BaseStream.CopyToAsync(into, 1 << 20, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw Failed(await error);
    }

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

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ChildProcess.RunAsync("rclone", arguments, null, cancellationToken);
            return result.ExitCode == 0 ? result.StandardOutput : throw Failed(result.StandardError);
        }
        catch (FileNotFoundException)
        {
            throw Missing();
        }
    }

    private static System.Diagnostics.Process Start(string[] arguments)
    {
        try
        {
            return ChildProcess.Start("rclone", arguments);
        }
        catch (FileNotFoundException)
        {
            throw Missing();
        }
    }

    private static BackupFailedException Missing() => new(new Text(
        "rclone is not installed (apt-get install rclone)",
        "rclone n'est pas installé (apt-get install rclone)"));

    private static BackupFailedException Failed(string output) => new(Text.Same(
        $"rclone: {Secrets.Redact(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "failed")}"));
}
