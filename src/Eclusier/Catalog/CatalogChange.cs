using System.Text.Json.Serialization;

namespace Eclusier.Catalog;

/// <summary>What became of one object between two moments.</summary>
/// <param name="Before">Null: it was made.</param>
/// <param name="After">Null: it was removed.</param>
public sealed record CatalogChange(CatalogObject? Before, CatalogObject? After)
{
    /// <summary>The same object under another name; it may be changed, too.</summary>
    [JsonIgnore]
    public bool Renamed => Before is not null && After is not null && Before.Name != After.Name;

    /// <summary>The object, under the name that it has now if it still is there.</summary>
    [JsonIgnore]
    public CatalogObject Object => After ?? Before!;

    /// <summary>Where an object of the first moment is another, or none, at the second; and what is new there.</summary>
    public static IReadOnlyList<CatalogChange> Between(CatalogSnapshot before, CatalogSnapshot after)
    {
        var renamed = Renames(before, after);
        var names = FormerNames.Of(renamed);
        var places = new TakenPlaces(before, after, renamed);
        var made = after.Objects.Where(now => !places.IsMoved(now) && (before.Find(now) is not { } was || !places.Keeps(was, now))).ToList();
        var gone = before.Objects.Where(was => !places.IsMoved(was) && (after.Find(was) is not { } now || !places.Keeps(was, now))).ToList();
        var former = before.Objects.Select(FormerNames.Identity).ToHashSet();
        var latter = made.Where(now => !places.IsNew(now)).Select(names.FormerIdentity).ToHashSet();
        return
        [
            .. renamed,
            .. before.Objects.Where(was => !places.IsMoved(was) && after.Find(was) is { } now && places.Keeps(was, now) && now.Definition != was.Definition && names.Definition(now) != was.Definition)
                .Select(was => new CatalogChange(was, after.Find(was))),
            .. gone.Where(was => !latter.Contains(FormerNames.Identity(was))).Select(was => new CatalogChange(was, null)),
            .. made.Where(now => places.IsNew(now) || !former.Contains(names.FormerIdentity(now))).Select(now => new CatalogChange(null, now)),
        ];
    }

    /// <summary>The same object to the server, under another name; whatever has taken its former one.</summary>
    private static List<CatalogChange> Renames(CatalogSnapshot before, CatalogSnapshot after)
    {
        var (was, now) = (ById(before), ById(after));
        return [.. before.Objects.Where(found => was.GetValueOrDefault((found.Kind, found.Id)) == found && now.GetValueOrDefault((found.Kind, found.Id)) is { } other && other.Name != found.Name)
            .Select(found => new CatalogChange(found, now[(found.Kind, found.Id)]))];
    }

    /// <summary>Those that their number tells apart.</summary>
    private static Dictionary<(string, string), CatalogObject> ById(CatalogSnapshot catalog) =>
        catalog.Objects.Where(found => found.Id.Length > 0).GroupBy(found => (found.Kind, found.Id)).Where(same => same.Count() == 1).ToDictionary(same => same.Key, same => same.Single());
}
