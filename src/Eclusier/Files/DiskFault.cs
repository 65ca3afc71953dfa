namespace Eclusier.Files;

/// <summary>What .NET throws where a disk does not take a write.</summary>
public static class DiskFault
{
    /// <summary>Full, read-only or gone (<see cref="IOException"/>), not ours to write (<see cref="UnauthorizedAccessException"/>), or past the limit for the size of files (EFBIG, which comes as <see cref="ArgumentOutOfRangeException"/>).</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
