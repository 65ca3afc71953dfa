using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>Whatever rclone can reach: a remote of the user's own configuration (<c>rclone:remote:path</c>), <c>sftp://</c> and <c>s3://</c>.</summary>
/// <param name="name">As the runbook names it.</param>
internal sealed class RcloneDestination(string name, RcloneRemote remote) : IBackupDestination
{
    /// <summary>What a shell answers where a program is missing.</summary>
    private const int NotFound = 127;

    public string Name { get; } = ShownPlace.Of(name);

    /// <summary>A host is one machine, whoever logs in; all that is in a bucket goes with the bucket.</summary>
    public string Device => name switch
    {
        _ when BackupPlace.HostOf(name) is { } host => $"sftp://{host.Split('/')[0].Split('@')[^1]}",
        _ when name.StartsWith("s3://", StringComparison.Ordinal) => $"s3://{name["s3://".Length..].Split('/')[0]}",
        _ => ShownPlace.Of(remote.Remote),
    };

    public string PathOf(string backupId) => Name.EndsWith(':') ? Name + backupId : $"{Name}/{backupId}";

    public async Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken) =>
        await RunAsync(["copyto", localFile, remote.At($"{backupId}/{fileName}")], cancellationToken);

    public async Task ReadAsync(string backupId, string fileName, Stream into, CancellationToken cancellationToken) =>
        await GuardedAsync(() => ChildProcess.StreamAsync("rclone", [.. Few, "cat", remote.At($"{backupId}/{fileName}")], into, remote.Variables, cancellationToken));

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listing = await RunAsync(["lsf", "--dirs-only", remote.At("")], cancellationToken);
            return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('/'))];
        }
        catch (BackupFailedException)
        {
            return []; // A folder that is not there yet holds no backup; a remote that fails is told when it is written to.
        }
    }

    /// <summary>A remote may be a folder of this machine in the end, and rclone makes files for everybody to read.</summary>
    private Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken) => GuardedAsync(() => OperatingSystem.IsWindows()
        ? ChildProcess.RunAsync("rclone", [.. Few, .. arguments], remote.Variables, cancellationToken)
        : ChildProcess.RunAsync("sh", ["-c", "umask 077; exec rclone \"$@\"", "rclone", .. Few, .. arguments], remote.Variables, cancellationToken));

    /// <summary>A host that nobody answers at is told in seconds, not after rclone's ten tries.</summary>
    private static readonly string[] Few = ["--retries=2", "--low-level-retries=3", "--contimeout=15s"];

    private static async Task<string> GuardedAsync(Func<Task<ChildResult>> run)
    {
        try
        {
            var result = await run();
            if (result.ExitCode == NotFound)
                throw Missing(null);
            return result.Succeeded ? result.Output : throw new BackupFailedException(Text.Same($"rclone: {result.LastLines(1)}"));
        }
        catch (EclusierException missing)
        {
            throw Missing(missing);
        }
    }

    private static BackupFailedException Missing(Exception? cause) =>
        new(new Text("rclone is not installed (apt-get install rclone)", "rclone n'est pas installé (apt-get install rclone)"), cause);
}
