namespace Eclusier.Files;

/// <summary>Files that a reader finds as they were or as they are, never in between.</summary>
internal static class WholeFile
{
    /// <summary>Writes under another name first, readable by the owner alone.</summary>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static void Write(string path, string text)
    {
        var partial = path + ".partial";
        using (var file = OwnerOnly.Open(partial, FileMode.Create))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }
}
