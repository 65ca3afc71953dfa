using Eclusier.Catalog;
using Eclusier.Planning;

namespace Eclusier.Baselines;

/// <summary>
/// Finds out which of some doubtful migrations the others need: without it, certain ones are refused something, or leave another catalog than the
/// database has. What any of two could have made needs neither of them.
/// </summary>
/// <param name="all">With all of them.</param>
internal sealed class Need(Replay replay, History all, CatalogSnapshot database, IReadOnlyList<Step> doubtful)
{
    /// <summary>Each takes as long as the whole history: what cannot be asked any more counts as not needed.</summary>
    private const int MostReplays = 40;

    private readonly HashSet<string> _refused = all.Steps.SelectMany(step => step.Unreplayed).Select(statement => statement.Where).ToHashSet(StringComparer.Ordinal);
    private readonly IReadOnlyList<CatalogObject> _shared = [.. all.End.Objects.Where(found => database.Find(found)?.Definition == found.Definition)];
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private int _replays;

    /// <summary>The versions of those that are needed.</summary>
    public async Task<IReadOnlySet<string>> FindAsync(CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0 || !await IsWrongWithoutAsync(doubtful, cancellationToken))
            return _needed;
        // Where there is time enough, each is asked alone; else many at once, and those among whom some are needed in halves.
        foreach (var some in doubtful.Count < MostReplays ? doubtful.Select(one => new[] { one }) : doubtful.Chunk((doubtful.Count + 1) / 2))
            await FindAmongAsync(some, cancellationToken);
        return _needed;
    }

    private async Task FindAmongAsync(IReadOnlyList<Step> some, CancellationToken cancellationToken)
    {
        if (_replays >= MostReplays || !await IsWrongWithoutAsync(some, cancellationToken))
            return;
        if (some is [var one])
        {
            _needed.Add(one.Migration);
            return;
        }

        await FindAmongAsync([.. some.Take(some.Count / 2)], cancellationToken);
        await FindAmongAsync([.. some.Skip(some.Count / 2)], cancellationToken);
    }

    /// <summary>Certain migrations are refused something without these, or something is not as the database has it.</summary>
    private async Task<bool> IsWrongWithoutAsync(IReadOnlyList<Step> some, CancellationToken cancellationToken)
    {
        _replays++;
        var (end, refused) = await replay.RunWithoutAsync(some, [.. all.Steps.Select(step => step.Step)], cancellationToken);
        return refused.Any(found => !doubtful.Contains(found.Step) && !_refused.Contains(found.Unreplayed.Where))
            || _shared.Any(found => end.Find(found)?.Definition != found.Definition)
            // What one of them removed is there again.
            || end.Objects.Any(found => all.End.Find(found) is null && database.Find(found) is null);
    }
}
