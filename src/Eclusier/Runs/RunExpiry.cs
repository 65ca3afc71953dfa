using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Runbooks;

namespace Eclusier.Runs;

/// <summary>Removes the folders of runs that the runbook keeps no longer (<c>runs.keep</c>): journal, report and definitions. Backups are elsewhere, and stay.</summary>
internal static class RunExpiry
{
    /// <summary>The newest runs that changed something, however old they are: somebody may ask for their way back. A run that only backed up is none.</summary>
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
        bool IsOld(string folder) => RunFolder.BegunAt(folder) < before;
        // Journals are read for the sake of old runs alone.
        if (!newestFirst.Any(IsOld))
            yield break;
        var kept = 0;
        foreach (var folder in newestFirst)
        {
            if (Journal.KindOf(folder) is not { } kind)
                continue;
            if (kind == RunKind.Migrate && kept < AlwaysKept && ChangedSomething(folder) is var changed and not false)
                kept += changed is true ? 1 : 0;
            else if (IsOld(folder) && Journal.HasEnded(folder))
                yield return folder;
        }
    }

    /// <returns>True also of one that has not ended, and may yet; null: its journal cannot be read.</returns>
    private static bool? ChangedSomething(string folder)
    {
        try
        {
            return !Journal.HasEnded(folder) || Journal.Read(folder).Steps.Any(step => step.Status is StepStatus.Applied or StepStatus.Failed);
        }
        catch (EclusierException)
        {
            return null;
        }
    }
}
