using Eclusier.Catalog;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>What belongs to what, and what needs what, in one catalog.</summary>
internal sealed class ObjectGraph
{
    private readonly Wholes _wholes;
    private readonly Dictionary<string, CatalogObject> _byKey;
    private readonly Lazy<ILookup<CatalogObject, CatalogObject>> _parts;
    private readonly Lazy<ILookup<string, CatalogObject>> _dependents;

    public ObjectGraph(CatalogSnapshot catalog)
    {
        Catalog = catalog;
        _wholes = new Wholes(catalog);
        _byKey = catalog.Objects.DistinctBy(found => found.ToString(), StringComparer.Ordinal).ToDictionary(found => found.ToString(), StringComparer.Ordinal);
        _parts = new(() => catalog.Objects.Where(found => ParentOf(found) is not null).ToLookup(found => ParentOf(found)!, (IEqualityComparer<CatalogObject>)ReferenceEqualityComparer.Instance));
        _dependents = new(() => catalog.Objects.SelectMany(found => found.Needs.Select(needed => (found, needed))).ToLookup(pair => pair.needed, pair => pair.found, StringComparer.Ordinal));
    }

    public CatalogSnapshot Catalog { get; }

    public CatalogObject? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What it goes away with; null when it stands for itself.</summary>
    public CatalogObject? ParentOf(CatalogObject found) => _wholes.Of(found);

    /// <summary>What it belongs to, and what that belongs to. A sequence of a column belongs to it.</summary>
    public IEnumerable<CatalogObject> Above(CatalogObject found)
    {
        for (var above = OwnerOf(found); above is not null; above = OwnerOf(above))
            yield return above;
    }

    /// <summary>All that goes away with it.</summary>
    public IEnumerable<CatalogObject> PartsOf(CatalogObject found) => _parts.Value[found].SelectMany(part => PartsOf(part).Prepend(part));

    /// <summary>What needs it, or a part of it, and is no part of it.</summary>
    public IEnumerable<CatalogObject> DependentsOf(CatalogObject found)
    {
        var whole = PartsOf(found).Prepend(found).ToHashSet((IEqualityComparer<CatalogObject>)ReferenceEqualityComparer.Instance);
        return whole.SelectMany(part => _dependents.Value[part.ToString()]).Where(dependent => !whole.Contains(dependent) && !Above(dependent).Any(whole.Contains)).Distinct();
    }

    public IEnumerable<CatalogObject> NeedsOf(CatalogObject found) => found.Needs.Select(Find).OfType<CatalogObject>();

    private CatalogObject? OwnerOf(CatalogObject found)
    {
        if (found.Kind != "sequence")
            return ParentOf(found);
        var owner = Find($"sequence owner {found.Name}");
        return owner is null ? null : Find($"column {owner.Definition[(owner.Definition.LastIndexOf(" owned by ", StringComparison.Ordinal) + " owned by ".Length)..]}");
    }
}
