using System.Text.Json.Serialization;

namespace Eclusier.Catalog;

/// <summary>What became of one object between two moments.</summary>
/// <param name="Before">Null: it was made.</param>
/// <param name="After">Null: it was removed.</param>
public sealed record CatalogChange(CatalogObject? Before, CatalogObject? After)
{
    /// <summary>What belonged to a changed object before, and would go with it if it had to be removed and made again.</summary>
    public IReadOnlyList<CatalogObject> Belongings { get; init; } = [];

    /// <summary>The same object under another name.</summary>
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
        var former = before.Objects.Select(names.Identity).ToHashSet();
        var latter = made.Select(names.FormerIdentity).ToHashSet();
        return
        [
            .. renamed,
            .. before.Objects.Where(was => after.Find(was) is { } now && names.Former(now.Definition) != was.Definition)
                .Select(was => new CatalogChange(was, after.Find(was)) { Belongings = was.Kind is "table" or "column" ? [] : [.. before.Objects.Where(child => child.Parent == was.Name && child != was)] }),
            .. gone.Except(renamed.Select(pair => pair.Before!)).Where(was => !latter.Contains(names.Identity(was))).Select(was => new CatalogChange(was, null)),
            .. made.Except(renamed.Select(pair => pair.After!)).Where(now => !former.Contains(names.FormerIdentity(now))).Select(now => new CatalogChange(null, now)),
        ];
    }

    /// <summary>A renamed object has its new name in the definitions of others, too: that is no change of theirs.</summary>
    private sealed record FormerNames(IReadOnlyList<(string New, string Old)> Names)
    {
        /// <summary>The longest first, so that no name is taken for the beginning of another.</summary>
        public static FormerNames Of(IEnumerable<CatalogChange> renamed) => new(
            [.. renamed.Where(pair => pair.Before!.Parent is null)
                .Select(pair => pair.Before!.Kind == "schema" ? ($"{pair.After!.Name}.", $"{pair.Before.Name}.") : (pair.After!.Name, pair.Before.Name))
                .OrderByDescending(pair => pair.Item1.Length)]);

        public string Former(string text) => Names.Aggregate(text, (known, name) => known.Replace(name.New, name.Old, StringComparison.Ordinal));

        public (string, string, string) Identity(CatalogObject found) => (found.Kind, found.Name, found.Definition);

        public (string, string, string) FormerIdentity(CatalogObject found) => (found.Kind, Former(found.Name), Former(found.Definition));
    }
}
