using Eclusier.Runbooks;

namespace Eclusier.Backups;

/// <summary>A place where copies of backups lie, each in a folder named by the backup's id.</summary>
internal interface IBackupDestination
{
    /// <summary>As the runbook names it, without secrets.</summary>
    string Name { get; }

    /// <summary>What breaks as one: a disk, a server, a bucket, a remote.</summary>
    string Device { get; }

    /// <summary>Where a file of a backup lies, for people.</summary>
    string PathOf(string backupId);

    /// <summary>Writes a file, replacing one of the same name; a torn file never has the final name.</summary>
    /// <exception cref="BackupFailedException">The destination refuses.</exception>
    Task WriteAsync(string localFile, string backupId, string fileName, CancellationToken cancellationToken);

    /// <summary>Reads a file back from where it lies.</summary>
    /// <exception cref="BackupFailedException">It is not there or cannot be read.</exception>
    Task ReadAsync(string backupId, string fileName, Stream into, CancellationToken cancellationToken);

    /// <summary>The ids of the backups there; none when the destination does not exist yet.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A destination refused, and why. It becomes a problem of one copy, never the end of the run.</summary>
internal sealed class BackupFailedException(Text problem, Exception? cause = null) : Exception(problem.En, cause)
{
    public Text Problem { get; } = problem;
}

internal static class BackupDestinations
{
    /// <param name="place">As <see cref="BackupPlace"/> gives it.</param>
    public static IBackupDestination Parse(string place) => BackupPlace.IsFolder(place) ? new FolderDestination(place) : new RcloneDestination(place, RcloneRemote.Parse(place));
}
