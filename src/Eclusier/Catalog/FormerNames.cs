namespace Eclusier.Catalog;

/// <summary>A renamed object has its new name in the definitions of others, too: that is no change of theirs.</summary>
public sealed class FormerNames
{
    /// <summary>Characters that are in no name.</summary>
    private const char PlaceStart = '\u0001';

    private const char PlaceEnd = '\u0002';

    private readonly IReadOnlyList<(string New, string Old)> _qualified;
    private readonly IReadOnlyList<CatalogChange> _parts;

    private FormerNames(IReadOnlyList<(string New, string Old)> qualified, IReadOnlyList<CatalogChange> parts)
    {
        _qualified = qualified;
        _parts = parts;
    }

    /// <param name="changes">Those among them that rename.</param>
    public static FormerNames Of(IReadOnlyCollection<CatalogChange> changes)
    {
        var renamed = changes.Where(change => change.Renamed && !change.Before!.IsTrait).ToList();
        // The longest first: a column's name begins with its table's.
        return new FormerNames(
            [.. renamed.Where(pair => pair.Before!.Name != pair.Before.Local || pair.Before.Kind == "schema")
                .Select(pair => pair.Before!.Kind == "schema" ? ($"{pair.After!.Name}.", $"{pair.Before.Name}.") : (pair.After!.Name, pair.Before.Name)).OrderByDescending(pair => pair.Item1.Length)],
            [.. renamed.Where(pair => pair.Before!.Local != pair.After!.Local)]);
    }

    /// <summary>What an object was, in the names of before, if nothing but names changed.</summary>
    public string Definition(CatalogObject now)
    {
        // Within its table and by what reads it, a column goes by its own name alone.
        return AtOnce(Former(now.Definition), [.. _parts.Where(part => IsNamedBy(now, part.After!)).Select(part => (part.After!.Local, part.Before!.Local))]);
    }

    /// <summary>The object, in the names of before.</summary>
    public CatalogObject Object(CatalogObject now) => _qualified.Count == 0 && _parts.Count == 0
        ? now
        : now with { Name = Former(now.Name), Parent = now.Parent is { } parent ? Former(parent) : null, Definition = Definition(now), Removal = Former(now.Removal), Needs = [.. now.Needs.Select(Former)] };

    internal static (string Kind, string Name, string Definition) Identity(CatalogObject found) => (found.Kind, found.Name, found.Definition);

    internal (string Kind, string Name, string Definition) FormerIdentity(CatalogObject found) => (found.Kind, Former(found.Name), Definition(found));

    private string Former(string text) => AtOnce(text, _qualified);

    /// <summary>Two may have exchanged their names: what was put in is not replaced again.</summary>
    private static string AtOnce(string text, IReadOnlyList<(string New, string Old)> names)
    {
        var replaced = new List<string>();
        foreach (var (name, other) in names)
        {
            var found = Replace(text, name, $"{PlaceStart}{replaced.Count}{PlaceEnd}");
            if (found == text)
                continue;
            text = found;
            replaced.Add(other);
        }

        for (var at = 0; at < replaced.Count; at++)
            text = text.Replace($"{PlaceStart}{at}{PlaceEnd}", replaced[at], StringComparison.Ordinal);
        return text;
    }

    private static bool IsNamedBy(CatalogObject found, CatalogObject part) =>
        found.Key == part.Key || found.Needs.Contains(part.ToString(), StringComparer.Ordinal)
        || (part.Parent is { } parent && (found.Parent == parent || found.Parent == part.Name || found.Name.StartsWith($"{parent}.", StringComparison.Ordinal)))
        || found.Parent == part.Name;

    /// <summary>Whole names only: <c>public.order</c> is not the beginning of <c>public.orders</c>.</summary>
    private static string Replace(string text, string name, string other)
    {
        if (name == other || name.Length == 0)
            return text;
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            var whole = (at == 0 || !IsOfName(text[at - 1])) && (name[^1] == '.' || end == text.Length || !IsOfName(text[end]));
            if (whole)
                text = $"{text[..at]}{other}{text[end..]}";
            at += whole ? other.Length : 1;
            if (at >= text.Length)
                break;
        }

        return text;
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '$' or '"';
}
