namespace Eclusier.Catalog;

/// <summary>What each object of a catalog belongs to.</summary>
public sealed class Wholes(CatalogSnapshot catalog)
{
    private readonly ILookup<string, CatalogObject> _byName =
        catalog.Objects.Where(found => !found.IsTrait).ToLookup(found => found.Name, StringComparer.Ordinal);

    private readonly Dictionary<CatalogObject, CatalogObject?> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>What it goes away with; null when it stands for itself.</summary>
    public CatalogObject? Of(CatalogObject found)
    {
        if (found.Parent is null)
            return null;
        if (_known.TryGetValue(found, out var known))
            return known;
        var named = _byName[found.Parent].Where(candidate => candidate.Key != found.Key).ToList();
        // Two kinds may have one name (a schema and an extension, a class of operators and its family): what belongs to one says to which.
        return _known[found] = named.Count < 2
            ? named.FirstOrDefault()
            : named.Find(candidate => $" {found.Name} ".Contains($" {candidate} ", StringComparison.Ordinal))
                ?? named.Find(candidate => found.Kind.StartsWith($"{candidate.Kind} ", StringComparison.Ordinal))
                ?? named[0];
    }
}
