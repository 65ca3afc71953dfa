using Eclusier.Catalog;
using Eclusier.Planning;
using Eclusier.Snapshots;

namespace Eclusier.Baselines;

/// <summary>
/// Finds out which of some doubtful migrations the others need: without it, certain ones are refused something, or leave another catalog than the
/// database has. What any of two could have made needs neither of them.
/// </summary>
/// <param name="all">With all of them.</param>
/// <param name="inferred">What only its neighbours speak for: that one of these needs something proves nothing.</param>
internal sealed class Need(Replay replay, History all, CatalogSnapshot database, IReadOnlyList<Step> doubtful, IReadOnlyList<Step> inferred)
{
    /// <summary>Each takes as long as the whole history: what cannot be asked any more counts as not needed.</summary>
    private const int MostReplays = 40;

    private readonly HashSet<string> _refused = all.Steps.SelectMany(step => step.Unreplayed).Select(statement => statement.Where).ToHashSet(StringComparer.Ordinal);
    private readonly IReadOnlyList<CatalogObject> _shared = [.. all.End.Objects.Where(found => database.Find(found)?.Definition == found.Definition)];
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);

    /// <summary>What has been replayed already, by what was left out.</summary>
    private readonly Dictionary<string, IReadOnlySet<string>> _wrong = new(StringComparer.Ordinal);

    /// <summary>The versions of those that are needed.</summary>
    public async Task<IReadOnlySet<string>> FindAsync(CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0 || (await WrongWithoutAsync(doubtful, cancellationToken)).Count == 0)
            return _needed;
        // Where there is time enough, each is asked alone; else many at once, and those among whom some are needed in halves.
        foreach (var some in doubtful.Count < MostReplays ? doubtful.Select(one => new[] { one }) : doubtful.Chunk((doubtful.Count + 1) / 2))
            await FindAmongAsync(some, cancellationToken);
        await DoubtAsync([.. doubtful.Where(step => !_needed.Contains(step.Migration))], cancellationToken);
        return _needed;
    }

    /// <summary>
    /// One may be needed only because another doubtful one is taken to be there: a label that was removed and added again is there, too, where neither ran.
    /// </summary>
    private async Task DoubtAsync(IReadOnlyList<Step> undecided, CancellationToken cancellationToken)
    {
        if (undecided.Count == 0 || _needed.Count == 0)
            return;
        var wrong = await WrongWithoutAsync(undecided, cancellationToken);
        foreach (var step in doubtful.Where(step => _needed.Contains(step.Migration)).ToArray())
        {
            if ((await WrongWithoutAsync([.. undecided, step], cancellationToken)).IsSubsetOf(wrong))
                _needed.Remove(step.Migration);
        }
    }

    private async Task FindAmongAsync(IReadOnlyList<Step> some, CancellationToken cancellationToken)
    {
        if (_wrong.Count >= MostReplays || (await WrongWithoutAsync(some, cancellationToken)).Count == 0)
            return;
        if (some is [var one])
        {
            _needed.Add(one.Migration);
            return;
        }

        await FindAmongAsync([.. some.Take(some.Count / 2)], cancellationToken);
        await FindAmongAsync([.. some.Skip(some.Count / 2)], cancellationToken);
    }

    /// <summary>What certain migrations are refused without these, and what is not as the database has it.</summary>
    private async Task<IReadOnlySet<string>> WrongWithoutAsync(IReadOnlyList<Step> some, CancellationToken cancellationToken)
    {
        var left = string.Join('\0', doubtful.Where(some.Contains).Select(step => step.Migration));
        if (_wrong.TryGetValue(left, out var known))
            return known;
        var (end, refused) = await replay.RunWithoutAsync(some, [.. all.Steps.Select(step => step.Step)], cancellationToken);
        return _wrong[left] = refused.Where(found => !doubtful.Contains(found.Step) && !inferred.Contains(found.Step) && !_refused.Contains(found.Unreplayed.Where)).Select(found => found.Unreplayed.Where)
            .Concat(_shared.Where(found => end.Find(found)?.Definition != found.Definition).Select(found => found.Key.ToString()))
            // What one of them removed is there again.
            .Concat(end.Objects.Where(found => all.End.Find(found) is null && database.Find(found) is null).Select(found => found.Key.ToString()))
            .ToHashSet(StringComparer.Ordinal);
    }
}
