using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>What a migration changed, compared with what is there now.</summary>
/// <param name="Unchanged">Still as the migration left it: can be undone.</param>
/// <param name="Others">Somebody changed them since: not ours any more.</param>
internal sealed record ChangedObjects(IReadOnlyList<CatalogChange> Unchanged, IReadOnlyList<CatalogObject> Others)
{
    public static ChangedObjects Sort(IReadOnlyList<CatalogChange> changes, CatalogSnapshot now)
    {
        var made = changes.Where(change => change.Before is null).Select(change => change.After!).DistinctBy(found => found.Key).ToDictionary(found => found.Key);
        var others = new HashSet<CatalogObject>();
        var undone = new HashSet<CatalogChange>();
        foreach (var change in changes)
        {
            if (IsUndone(change, now))
                undone.Add(change);
            else if (!IsAsLeft(change, now))
                others.Add(change.Object);
        }

        // What was made, and has got something new in it since, would take that along.
        foreach (var found in now.Objects.Where(found => found.Parent is not null && !made.ContainsKey(found.Key)))
        {
            for (var parent = ParentOf(found, made.Values); parent is not null && found.Kind is not ("owner" or "grant" or "revoke" or "comment" or "security label"); parent = ParentOf(parent, made.Values))
                others.Add(parent);
        }

        var left = others.Where(found => !found.IsTrait).Select(found => found.Name).ToHashSet(StringComparer.Ordinal);
        var unchanged = changes.Where(change => !undone.Contains(change) && !others.Contains(change.Object) && !BelongsTo(change.Object, left, made.Values));
        // On record by its hash alone, it is there in full.
        return new ChangedObjects([.. unchanged.Select(change => change with { After = change.After is { } after ? now.Find(after) : null })], [.. others]);
    }

    /// <summary>The catalog once these changes are undone. What they left alone may have had other names in it.</summary>
    public CatalogSnapshot Undone(CatalogSnapshot now)
    {
        var names = FormerNames.Of(Unchanged);
        var gone = Unchanged.Select(change => change.After?.Key).OfType<(string, string)>().ToHashSet();
        return new CatalogSnapshot([.. now.Objects.Where(found => !gone.Contains(found.Key)).Select(names.Object), .. Unchanged.Select(change => change.Before).OfType<CatalogObject>()]);
    }

    private static bool IsAsLeft(CatalogChange change, CatalogSnapshot now) => change.After is { } after ? now.Holds(after) : now.Find(change.Before!) is null;

    private static bool IsUndone(CatalogChange change, CatalogSnapshot now) =>
        change.Before is { } before
            ? now.Holds(before) && (change.After is null || (change.Renamed ? !IsAnother(now.Find(before)!, before) : !now.Holds(change.After)))
            : now.Find(change.After!) is null;

    /// <summary>What has the former name may be the one with which it was exchanged.</summary>
    private static bool IsAnother(CatalogObject found, CatalogObject before) => found.Id.Length > 0 && before.Id.Length > 0 && found.Id != before.Id;

    private static bool BelongsTo(CatalogObject found, HashSet<string> parents, IEnumerable<CatalogObject> made)
    {
        for (var parent = ParentOf(found, made); parent is not null; parent = ParentOf(parent, made))
        {
            if (parents.Contains(parent.Name))
                return true;
        }

        return false;
    }

    private static CatalogObject? ParentOf(CatalogObject found, IEnumerable<CatalogObject> made) =>
        found.Parent is null ? null : made.FirstOrDefault(candidate => candidate.Name == found.Parent && !candidate.IsTrait);
}
