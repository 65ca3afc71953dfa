using Eclusier.Engines;
using Eclusier.Evidence;

namespace Eclusier.Runs;

/// <summary>
/// The runs on record of one database, newest first, each read when it is asked for and not before: of most, the first line tells that they are of no
/// interest. A journal that cannot be read is told to who needs that run, and to nobody else.
/// </summary>
internal sealed class RunHistory
{
    private readonly string _target;
    private readonly List<Entry> _entries;

    /// <summary>Of the database, and of those whose place it took when they were restored from a backup.</summary>
    private readonly List<DatabaseIdentity> _identities;

    private RunHistory(string target, DatabaseIdentity identity, IEnumerable<string> folders)
    {
        _target = target;
        _identities = [identity];
        _entries = [.. folders.Select(folder => new Entry(folder))];
    }

    /// <summary>All that tell of this very database, of whatever kind. Those that cannot be read are left out.</summary>
    public IEnumerable<RunRecord> Runs => Walk(_ => true).Select(entry => entry.Record).OfType<RunRecord>();

    /// <summary>Its migrations; a rollback's own run undoes. Those that cannot be read are left out.</summary>
    public IEnumerable<RunRecord> Migrations => Walk(kind => kind == RunKind.Migrate).Select(entry => entry.Record).OfType<RunRecord>();

    public static async Task<RunHistory> OfAsync(RunSetup setup, Database target, CancellationToken cancellationToken) =>
        new(target.Description, await target.IdentifyAsync(cancellationToken), RunFolder.All(setup.Runbook.Directory, setup.Environment.Name));

    /// <summary>The names of all that are migrations, of this database or of another one.</summary>
    public IReadOnlyList<string> Names() => [.. _entries.Where(entry => entry.Kind is RunKind.Migrate or null).Select(entry => entry.Run)];

    /// <summary>The newest migration that fits.</summary>
    /// <exception cref="EclusierException">A newer one cannot be read, and might be the one that is meant.</exception>
    public RunRecord? Newest(Func<RunRecord, bool> fits)
    {
        foreach (var entry in Walk(kind => kind == RunKind.Migrate))
        {
            if (entry.Fault is { } fault)
                throw fault;
            if (fits(entry.Record!))
                return entry.Record;
        }

        return null;
    }

    /// <summary>A migration, by its run's name.</summary>
    /// <exception cref="EclusierException">Its journal cannot be read.</exception>
    public RunRecord? Named(string run)
    {
        if (_entries.Find(entry => entry.Run == run) is { Fault: { } fault })
            throw fault;
        return Readable(run);
    }

    /// <summary>The same; null also where its journal cannot be read.</summary>
    public RunRecord? Readable(string run) => Walk(kind => kind == RunKind.Migrate, only: run).FirstOrDefault()?.Record;

    /// <param name="only">Of the wanted ones, this alone is read.</param>
    /// <returns>Those of the wanted kinds that tell of this database, and those that cannot be read.</returns>
    private IEnumerable<Entry> Walk(Func<RunKind, bool> wanted, string? only = null)
    {
        foreach (var entry in _entries)
        {
            var isWanted = (entry.Kind is not { } kind || wanted(kind)) && (only is null || entry.Run == only);
            if (!isWanted && entry.Kind != RunKind.Restore)
                continue;
            // Newest first: what a restore put in the place of another is known before that other one's runs come.
            if (entry.Record is { Kind: RunKind.Restore, After.Identity: { } put, Inspection.Identity: { } former } && _identities.Exists(known => known.Is(put)))
                _identities.Add(former);
            if (isWanted && (entry.Fault is not null || IsOurs(entry.Record!)))
                yield return entry;
        }
    }

    /// <summary>A run that did not come to look at its database did nothing; one from before there were identities is known by its address.</summary>
    private bool IsOurs(RunRecord run) =>
        run.Inspection is { } then && then.Target == _target && (then.Identity is null || _identities.Exists(known => known.Is(then.Identity)));

    private sealed class Entry
    {
        private readonly Lazy<RunKind?> _kind;
        private readonly Lazy<(RunRecord? Record, EclusierException? Fault)> _read;

        public Entry(string folder)
        {
            Run = Path.GetFileName(folder);
            _kind = new(() => Journal.KindOf(folder));
            _read = new(() => Read(folder));
        }

        public string Run { get; }

        /// <summary>Null: the first line does not tell.</summary>
        public RunKind? Kind => _kind.Value;

        public RunRecord? Record => _read.Value.Record;

        /// <summary>Why it cannot be read.</summary>
        public EclusierException? Fault => _read.Value.Fault;

        private static (RunRecord?, EclusierException?) Read(string folder)
        {
            try
            {
                return (Journal.Read(folder), null);
            }
            catch (EclusierException fault)
            {
                return (null, fault);
            }
        }
    }
}
