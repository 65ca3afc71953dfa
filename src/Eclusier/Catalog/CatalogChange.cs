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
        var gone = before.Objects.Where(was => after.Find(was) is null).ToList();
        var made = after.Objects.Where(now => before.Find(now) is null).ToList();
        // Gone under one name and new under another, but the same object to the server: it was renamed.
        var renamed = gone.Join(made, was => (was.Kind, was.Id), now => (now.Kind, now.Id), (was, now) => new CatalogChange(was, now)).Where(pair => pair.Before!.Id.Length > 0).ToList();
        var names = FormerNames.Of(renamed);
        var former = before.Objects.Select(FormerNames.Identity).ToHashSet();
        var latter = made.Select(names.FormerIdentity).ToHashSet();
        return
        [
            .. renamed,
            .. before.Objects.Where(was => after.Find(was) is { } now && now.Definition != was.Definition && names.Definition(now) != was.Definition).Select(was => new CatalogChange(was, after.Find(was))),
            .. gone.Except(renamed.Select(pair => pair.Before!)).Where(was => !latter.Contains(FormerNames.Identity(was))).Select(was => new CatalogChange(was, null)),
            .. made.Except(renamed.Select(pair => pair.After!)).Where(now => !former.Contains(names.FormerIdentity(now))).Select(now => new CatalogChange(null, now)),
        ];
    }
}
