using Eclusier.Catalog;
using Eclusier.Planning;

namespace Eclusier.Baselines;

/// <summary>
/// Finds out which of some doubtful migrations the others need. Without any of them, certain ones may be refused something, or leave another catalog
/// than the database has. One is needed that mends some of that by itself, and that nobody else can stand for: without it alone, something is wrong, too.
/// </summary>
/// <param name="all">With all of them.</param>
internal sealed class Need(Replay replay, History all, CatalogSnapshot database, IReadOnlyList<Step> doubtful)
{
    /// <summary>Each takes as long as the whole history: what cannot be asked any more counts as not needed.</summary>
    private const int MostReplays = 24;

    private readonly HashSet<string> _refused = all.Steps.SelectMany(step => step.Unreplayed).Select(statement => statement.Where).ToHashSet(StringComparer.Ordinal);
    private readonly IReadOnlyList<CatalogObject> _shared = [.. all.End.Objects.Where(found => database.Find(found)?.Definition == found.Definition)];
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private int _replays;

    /// <summary>The versions of those that are needed.</summary>
    public async Task<IReadOnlySet<string>> FindAsync(CancellationToken cancellationToken)
    {
        if (doubtful.Count > 0 && await WrongWithoutAsync(doubtful, cancellationToken) is { Count: > 0 } wrong)
            await FindAsync(doubtful, wrong, cancellationToken);
        return _needed;
    }

    /// <summary>Most mend nothing: they are asked many at once.</summary>
    private async Task FindAsync(IReadOnlyList<Step> some, IReadOnlySet<string> wrong, CancellationToken cancellationToken)
    {
        if (_replays >= MostReplays || (await WrongWithoutAsync([.. doubtful.Except(some)], cancellationToken)).IsSupersetOf(wrong))
            return;
        if (some is [var one])
        {
            if ((await WrongWithoutAsync(some, cancellationToken)).Count > 0)
                _needed.Add(one.Migration);
            return;
        }

        await FindAsync([.. some.Take(some.Count / 2)], wrong, cancellationToken);
        await FindAsync([.. some.Skip(some.Count / 2)], wrong, cancellationToken);
    }

    /// <summary>What certain migrations are refused without these, and what is not as the database has it.</summary>
    private async Task<IReadOnlySet<string>> WrongWithoutAsync(IReadOnlyList<Step> some, CancellationToken cancellationToken)
    {
        _replays++;
        var (end, refused) = await replay.RunWithoutAsync(some, [.. all.Steps.Select(step => step.Step)], cancellationToken);
        var statements = refused.Where(found => !doubtful.Contains(found.Step) && !_refused.Contains(found.Unreplayed.Where)).Select(found => found.Unreplayed.Where);
        var objects = _shared.Where(found => end.Find(found)?.Definition != found.Definition).Select(found => found.Key.ToString());
        return statements.Concat(objects).ToHashSet(StringComparer.Ordinal);
    }
}
