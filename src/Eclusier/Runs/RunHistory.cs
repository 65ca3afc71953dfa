using Eclusier.Engines;
using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>The runs on record of one database, newest first. A journal that cannot be read is told to who needs that run, and to nobody else.</summary>
internal sealed class RunHistory
{
    private readonly IReadOnlyList<(string Run, EclusierException Fault)> _damaged;

    private RunHistory(IReadOnlyList<RunRecord> runs, IReadOnlyList<(string Run, EclusierException Fault)> damaged) => (Runs, _damaged) = (runs, damaged);

    /// <summary>Of this very database, and of those whose place it took when they were restored from a backup.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }

    public static async Task<RunHistory> ReadAsync(RunSetup setup, Database target, CancellationToken cancellationToken)
    {
        var identities = new List<DatabaseIdentity> { await target.IdentifyAsync(cancellationToken) };
        var (runs, damaged) = (new List<RunRecord>(), new List<(string, EclusierException)>());
        foreach (var folder in RunFolder.All(setup.Runbook.Directory, setup.Environment.Name))
        {
            if (Read(folder, damaged) is not { } run)
                continue;
            // Newest first: what a restore put in the place of another is known before that other one's runs come.
            if (run is { Kind: RunKind.Restore, After.Identity: { } put, Inspection.Identity: { } former } && identities.Exists(known => known.Is(put)))
                identities.Add(former);
            if (IsOf(run, target.Description, identities))
                runs.Add(run);
        }

        return new RunHistory(runs, damaged);
    }

    /// <summary>The newest run that fits.</summary>
    /// <exception cref="EclusierException">A newer one cannot be read, and might be the one that is meant.</exception>
    public RunRecord? Newest(Func<RunRecord, bool> fits)
    {
        var found = Runs.FirstOrDefault(fits);
        foreach (var (run, fault) in _damaged)
        {
            if (found is null || string.CompareOrdinal(run, found.Run) > 0)
                throw fault;
        }

        return found;
    }

    /// <summary>By its name.</summary>
    /// <exception cref="EclusierException">Its journal cannot be read.</exception>
    public RunRecord? Named(string run)
    {
        foreach (var (_, fault) in _damaged.Where(damaged => damaged.Run == run))
            throw fault;
        return Runs.FirstOrDefault(found => found.Run == run);
    }

    private static RunRecord? Read(string folder, List<(string, EclusierException)> damaged)
    {
        try
        {
            return Journal.Read(folder);
        }
        catch (EclusierException fault)
        {
            damaged.Add((Path.GetFileName(folder), fault));
            return null;
        }
    }

    /// <summary>A run that did not come to look at its database did nothing; one from before there were identities is known by its address.</summary>
    private static bool IsOf(RunRecord run, string target, List<DatabaseIdentity> identities) =>
        run.Inspection is { } then && then.Target == target && (then.Identity is null || identities.Exists(known => known.Is(then.Identity)));
}
