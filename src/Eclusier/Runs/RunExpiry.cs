using System.Globalization;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Runs;

/// <summary>Removes the folders of runs that the runbook keeps no longer (<c>runs.keep</c>): journal, report and definitions. Backups are elsewhere, and stay.</summary>
internal static class RunExpiry
{
    /// <summary>The newest migrations, however old they are: somebody may ask for their way back.</summary>
    private const int AlwaysKept = 10;

    /// <returns>What was done, in a sentence; null when there was nothing to do.</returns>
    public static Text? Apply(Runbook runbook, string environment, DateTimeOffset now)
    {
        if (runbook.KeepRuns is not { } keep)
            return null;
        var expired = Expired(RunFolder.All(runbook.Directory, environment), now - keep).ToList();
        try
        {
            foreach (var folder in expired)
            {
                // A folder without a journal is no run: cut off here, nobody takes the rest for a damaged one.
                File.Delete(Path.Combine(folder, Journal.FileName));
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            return new Text($"Expired runs cannot be removed: {error.Message}", $"Les exécutions expirées ne peuvent pas être supprimées : {error.Message}");
        }

        return expired.Count == 0 ? null : new Text(
            $"{English.Count(expired.Count, "run")} from before {(now - keep).UtcDateTime:yyyy-MM-dd} removed (runs.keep)",
            $"{French.Count(expired.Count, "exécution")} d'avant le {(now - keep).UtcDateTime:dd/MM/yyyy} : supprimées (runs.keep)");
    }

    /// <summary>Those that began before that, have ended, and can be read; what cannot be read waits for somebody to look at it.</summary>
    private static IEnumerable<string> Expired(IReadOnlyList<string> newestFirst, DateTimeOffset before)
    {
        var migrations = 0;
        foreach (var folder in newestFirst)
        {
            var isOld = BegunAt(folder) is { } begun && begun < before;
            if (Journal.KindOf(folder) is not { } kind || (kind == RunKind.Migrate && ++migrations <= AlwaysKept) || !isOld || !Journal.HasEnded(folder))
                continue;
            yield return folder;
        }
    }

    private static DateTimeOffset? BegunAt(string folder)
    {
        const string Format = "yyyyMMdd-HHmmss";
        var name = Path.GetFileName(folder);
        return name.Length > Format.Length
            && DateTimeOffset.TryParseExact(name[..Format.Length], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begun) ? begun : null;
    }
}
