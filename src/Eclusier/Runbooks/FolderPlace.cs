using System.Globalization;
using System.Runtime.InteropServices;
using Eclusier.Files;

namespace Eclusier.Runbooks;

/// <summary>What a folder is to the file system, whatever path leads to it: links and mounts are seen through.</summary>
public static partial class FolderPlace
{
    /// <summary>Equal for two paths of one folder, be it there already or not.</summary>
    public static string IdentityOf(string folder)
    {
        var (there, below) = Existing(folder);
        return Look(there) is { } found ? $"{found.Device} {found.Inode} {below}" : Path.Combine(Resolved(there), below);
    }

    /// <summary>The disk that a folder is on, or will be; null where the system does not say.</summary>
    public static string? DeviceOf(string folder)
    {
        if (Look(Existing(folder).There) is not { } found)
            return null;
        // Two partitions of a disk break together.
        var partition = $"/sys/dev/block/{found.Device}";
        try
        {
            return File.Exists(Path.Combine(partition, "partition")) && Directory.ResolveLinkTarget(partition, returnFinalTarget: true) is { } link
                ? File.ReadAllText(Path.Combine(Path.GetDirectoryName(link.FullName)!, "dev")).Trim()
                : found.Device;
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            return found.Device;
        }
    }

    /// <summary>The nearest folder of a path that is there, and what is below it.</summary>
    private static (string There, string Below) Existing(string folder)
    {
        var there = new DirectoryInfo(folder);
        while (!there.Exists && there.Parent is { } parent)
            there = parent;
        return (there.FullName, Path.GetRelativePath(there.FullName, folder));
    }

    /// <summary>Where the system does not tell inodes: links are followed, mounts are not seen.</summary>
    private static string Resolved(string folder)
    {
        var path = Path.GetPathRoot(folder)!;
        foreach (var part in folder[path.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(path, part));
            path = next.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next.FullName;
        }

        return path;
    }

    private static (string Device, ulong Inode)? Look(string path)
    {
        const int FromHere = -100;
        const uint InodeWanted = 0x100;
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return StatX(FromHere, path, 0, InodeWanted, out var status) == 0
                ? (string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}"), status.Inode)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>statx(2): the one call of its kind whose record is the same on every processor.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
