namespace Eclusier.Cli;

/// <summary>The stack trace of a fault of ours, where the user can find it and no console shows it.</summary>
internal static class FaultFile
{
    public static string Write(Exception fault)
    {
        var name = $"{DateTimeOffset.UtcNow.UtcDateTime:yyyyMMdd-HHmmss}.txt";
        var text = Secrets.Redact($"eclusier {CommandLine.Version}\n{fault}\n");
        foreach (var folder in new[] { Path.GetFullPath(Path.Combine(".eclusier", "faults")), Path.Combine(Path.GetTempPath(), "eclusier-faults") })
        {
            try
            {
                Directory.CreateDirectory(folder);
                var file = Path.Combine(folder, name);
                File.WriteAllText(file, text);
                return file;
            }
            catch (Exception error) when (DiskFault.Is(error))
            {
                // The next folder may be writable.
            }
        }

        return "-";
    }
}
