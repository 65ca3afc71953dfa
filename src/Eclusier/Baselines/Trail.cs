using Eclusier.Catalog;
using Eclusier.Snapshots;

namespace Eclusier.Baselines;

/// <summary>What became of one object in the course of a history.</summary>
internal sealed class Trail(CatalogObject named, string? start)
{
    private readonly List<(int Step, string? Definition)> _states = [(-1, start)];

    /// <summary>The object, in one of its states.</summary>
    public CatalogObject Named { get; } = named;

    /// <summary>The migrations that changed it, by their places in the history.</summary>
    public IEnumerable<int> Steps => _states.Skip(1).Select(state => state.Step);

    /// <summary>All that it ever was.</summary>
    public IEnumerable<string> Definitions => _states.Select(state => state.Definition).OfType<string>();

    /// <summary>Position of a migration on the trail; 0 is the time before all of them.</summary>
    public int PositionOf(int step) => _states.FindIndex(state => state.Step == step);

    public int StepAt(int position) => _states[position].Step;

    /// <summary>The migration at this position removed the object.</summary>
    public bool IsRemovedAt(int position) => _states[position].Definition is null;

    /// <summary>All positions after which the object was as it is in another catalog.</summary>
    public IReadOnlyList<int> PositionsLike(CatalogSnapshot catalog)
    {
        var definition = catalog.Find(Named)?.Definition;
        return [.. Enumerable.Range(0, _states.Count).Where(position => _states[position].Definition == definition)];
    }

    /// <summary>The trails of every object that a history touches.</summary>
    public static IReadOnlyList<Trail> Of(History history)
    {
        var trails = new Dictionary<(string, string), Trail>();
        var before = history.Start;
        foreach (var (number, step) in history.Steps.Index())
        {
            foreach (var (named, was, now) in Changed(before, step.After))
            {
                if (!trails.TryGetValue(named.Key, out var trail))
                    trails[named.Key] = trail = new Trail(named, was);
                trail._states.Add((number, now));
            }

            before = step.After;
        }

        return [.. trails.Values];
    }

    private static IEnumerable<(CatalogObject Named, string? Was, string? Now)> Changed(CatalogSnapshot before, CatalogSnapshot after)
    {
        if (ReferenceEquals(before, after))
            return [];
        var stayed = after.Objects.Select(now => (Named: now, Was: before.Find(now)?.Definition, Now: (string?)now.Definition));
        var gone = before.Objects.Where(was => after.Find(was) is null).Select(was => (Named: was, Was: (string?)was.Definition, Now: (string?)null));
        return stayed.Concat(gone).Where(state => state.Was != state.Now);
    }
}
