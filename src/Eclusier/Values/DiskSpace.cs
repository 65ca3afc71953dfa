namespace Eclusier.Values;

/// <summary>How much room a folder has for what is to be written there.</summary>
/// <param name="NeededBytes">An upper estimate of what the backup needs there.</param>
public sealed record DiskSpace(string Path, long FreeBytes, long NeededBytes);
