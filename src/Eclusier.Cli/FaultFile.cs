using System.Security.Cryptography;
using Eclusier.Files;
using Eclusier.Redaction;

namespace Eclusier.Cli;

/// <summary>The stack trace of a fault of ours, where the user can find it and no console shows it.</summary>
internal static class FaultFile
{
    public static string Write(Exception fault)
    {
        var name = $"{DateTimeOffset.UtcNow.UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}.txt";
        var text = Secrets.Redact($"eclusier {CommandLine.Version}\n{fault}\n");
        foreach (var folder in new Func<string>[] { () => Unversioned.CreateOwn(Directory.GetCurrentDirectory(), "faults"), () => Directory.CreateTempSubdirectory("eclusier-fault-").FullName })
        {
            try
            {
                var file = Path.Combine(folder(), name);
                OwnerOnly.Write(file, text);
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
