using System.Globalization;
using Eclusier.Evidence;
using Eclusier.Files;

namespace Eclusier.Runs;

/// <summary>The folders of runs: <c>.eclusier/runs/&lt;time&gt;-&lt;environment&gt;</c> beside the runbook.</summary>
public static class RunFolder
{
    private const string TimeFormat = "yyyyMMdd-HHmmss";

    public static string Root(string runbookDirectory) => Path.Combine(runbookDirectory, ".eclusier", "runs");

    /// <summary>The newest run's folder, of one environment or of any; null when there is none.</summary>
    public static string? Latest(string runbookDirectory, string? environment) => All(runbookDirectory, environment).FirstOrDefault();

    /// <summary>The newest folder that is not of maintenance, which says nothing of migrations; null when there is none.</summary>
    public static string? LatestMigration(string runbookDirectory, string environment) => All(runbookDirectory, environment).FirstOrDefault(folder => Journal.KindOf(folder) != RunKind.Maintain);

    /// <summary>Every run's folder, of one environment or of any; newest first.</summary>
    public static IReadOnlyList<string> All(string runbookDirectory, string? environment)
    {
        var root = Root(runbookDirectory);
        if (!Directory.Exists(root))
            return [];
        return [.. Directory.EnumerateDirectories(root)
            .Where(folder => File.Exists(Path.Combine(folder, Journal.FileName)) && IsOf(Path.GetFileName(folder), environment))
            .OrderDescending(StringComparer.Ordinal)];
    }

    /// <summary>The newest run of an environment, maintenance aside, when it is a migration that began and did not end. (A rollback that was cut off is simply asked for again.)</summary>
    public static string? Unfinished(string runbookDirectory, string environment)
    {
        var latest = LatestMigration(runbookDirectory, environment);
        if (latest is null || Journal.HasEnded(latest))
            return null;
        return Journal.Read(latest) is { Outcome: null, Kind: RunKind.Migrate } ? latest : null;
    }

    /// <summary>The same for who gives it up: what cannot be read need not be, and the run that comes after it is the newest.</summary>
    public static string? UnfinishedIfReadable(string runbookDirectory, string environment)
    {
        try
        {
            return Unfinished(runbookDirectory, environment);
        }
        catch (EclusierException)
        {
            return null;
        }
    }

    /// <summary>Makes the folder of a new run (mode 0700), out of reach of version control.</summary>
    /// <exception cref="UnavailableException">It cannot be made there.</exception>
    public static string Create(string runbookDirectory, string environment, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var folder = Path.Combine(Root(runbookDirectory), $"{time}-{environment}");
        for (var number = 2; Directory.Exists(folder); number++)
            folder = Path.Combine(Root(runbookDirectory), $"{time}.{number}-{environment}");
        try
        {
            return Unversioned.CreateOwn(runbookDirectory, "runs", Path.GetFileName(folder));
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw NotWritable(folder, error);
        }
    }

    /// <summary>No run begins without its journal.</summary>
    internal static EclusierException NotWritable(string path, Exception error) => new UnavailableException(
        new Text($"The run's folder cannot be written: {error.Message}", $"Le dossier de l'exécution ne peut pas être écrit : {error.Message}"),
        path,
        new Text(
            "Give the user who runs eclusier the right to write into .eclusier beside the runbook, then run the same command again; nothing was changed.",
            "Donnez à l'utilisateur qui lance eclusier le droit d'écrire dans .eclusier à côté du runbook, puis relancez la même commande ; rien n'a été modifié."),
        error);

    /// <summary>When the run of a folder began, by its name; null where that tells no time.</summary>
    internal static DateTimeOffset? BegunAt(string folder)
    {
        var name = Path.GetFileName(folder);
        var isTime = DateTimeOffset.TryParseExact(
            name.AsSpan(0, Math.Min(TimeFormat.Length, name.Length)), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begun);
        return isTime ? begun : null;
    }

    private static bool IsOf(string name, string? environment)
    {
        // The time is yyyyMMdd-HHmmss, perhaps with .2; the environment follows the second hyphen.
        var hyphen = name.IndexOf('-', StringComparison.Ordinal);
        var second = hyphen < 0 ? -1 : name.IndexOf('-', hyphen + 1);
        return environment is null || (second > 0 && name[(second + 1)..] == environment);
    }
}
