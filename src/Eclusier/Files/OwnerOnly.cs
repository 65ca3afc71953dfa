namespace Eclusier.Files;

/// <summary>Files and folders that may hold a user's data: nobody else reads them, whatever the umask.</summary>
public static class OwnerOnly
{
    /// <summary>0600</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700</summary>
    public const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it that are missing; each is 0700. What is there stays as it is.</summary>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
            CreateFolder(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Folder);
    }

    /// <summary>Opens a file that is made 0600 where it is not there; a link in its place is not followed.</summary>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        if (mode == FileMode.Create)
        {
            System.IO.File.Delete(path);
            mode = FileMode.CreateNew;
        }

        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File;
        return new FileStream(path, options);
    }

    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = Open(path, FileMode.Create);
        file.Write(content);
    }

    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static void Write(string path, string content) => Write(path, System.Text.Encoding.UTF8.GetBytes(content));
}
