namespace Eclusier.Catalog;

/// <summary>
/// A name may lead to another object than before: two tables have exchanged theirs, or a new one stands where one was that has another name now. What has such a name, or
/// belongs to what has it, is not the same as before.
/// </summary>
internal sealed class TakenPlaces
{
    private readonly HashSet<CatalogObject> _moved = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string, string)> _left = [];
    private readonly HashSet<(string, string)> _reached = [];
    private readonly Lazy<Wholes> _before;
    private readonly Lazy<Wholes> _after;

    public TakenPlaces(CatalogSnapshot before, CatalogSnapshot after, IReadOnlyList<CatalogChange> renamed)
    {
        foreach (var change in renamed)
        {
            _moved.Add(change.Before!);
            _moved.Add(change.After!);
            _left.Add(change.Before!.Key);
            _reached.Add(change.After!.Key);
        }

        _before = new(() => new Wholes(before));
        _after = new(() => new Wholes(after));
    }

    public bool IsMoved(CatalogObject found) => _moved.Contains(found);

    /// <summary>Of one name, and the same object.</summary>
    public bool Keeps(CatalogObject was, CatalogObject now) =>
        _moved.Count == 0 || !(IsMoved(was) || IsMoved(now) || BelongsTo(was, _left, _before.Value) || BelongsTo(now, _reached, _after.Value));

    /// <summary>It is, or belongs to, what is new under the name of another.</summary>
    public bool IsNew(CatalogObject now) => _moved.Count > 0 && BelongsTo(now, _left, _after.Value) && !BelongsTo(now, _reached, _after.Value);

    private static bool BelongsTo(CatalogObject found, HashSet<(string, string)> keys, Wholes wholes)
    {
        for (var each = found; each is not null; each = wholes.Of(each))
        {
            if (keys.Contains(each.Key))
                return true;
        }

        return false;
    }
}
