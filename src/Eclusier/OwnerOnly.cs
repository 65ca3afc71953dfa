namespace Eclusier;

/// <summary>Modes of what may hold a user's data: nobody else reads it.</summary>
public static class OwnerOnly
{
    /// <summary>0600</summary>
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700</summary>
    public const UnixFileMode Folder = File | UnixFileMode.UserExecute;
}
